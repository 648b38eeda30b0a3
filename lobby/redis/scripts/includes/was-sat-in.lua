--- Whether somebody sits in one of a hold's seats, or did.
local function was_sat_in(hold)
  return string.find(hold.seats, "[sl]") ~= nil
end
