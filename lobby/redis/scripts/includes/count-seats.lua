--- How many seats of a hold are in a state: `.` held, `s` sat in, `x` run out before anybody sat down, `l` left.
local function count_seats(seats, state)
  local _, found = string.gsub(seats, "[" .. state .. "]", "")
  return found
end
