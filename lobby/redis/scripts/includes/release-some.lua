--- @include "settle-seats"
--- @include "keep-seats"

--- Gives back those of the named seats (by comma) that are held; the others of the hold stay.
local function release_some(index, hold, named)
  local seats, freed, is_sat = hold.seats, 0, false
  for seat in string.gmatch(named, "%d+") do
    local at = tonumber(seat) + 1
    local letter = string.sub(seats, at, at)
    if letter == "." then
      seats = string.sub(seats, 1, at - 1) .. "x" .. string.sub(seats, at + 1)
      freed = freed + 1
    elseif letter == "s" then
      is_sat = true
    end
  end
  if freed == 0 then
    return is_sat and "SEATED" or "GONE"
  end
  settle_seats(index, hold, freed, true)
  keep_seats(index, hold, seats)
  return "RELEASED"
end
