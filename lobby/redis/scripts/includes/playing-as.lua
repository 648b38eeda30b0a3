--- How a player's seat in a match is written down.
local function playing_as(hold, ref)
  return ref.seat .. " " .. hold.room .. " " .. ref.ticket
end
