--- @include "plays-on"

--- Of a match's players (a JSON list) those who play another one, and not in `room` (nil: a new one).
local function playing_elsewhere(index, json, room)
  local players, found = cjson.decode(json), {}
  if not players[1] then
    return found
  end
  local keys = {}
  for i, player in ipairs(players) do
    keys[i] = index.playing .. player
  end
  for i, said in ipairs(redis.call("MGET", unpack(keys))) do
    local playing = said and plays_on(index, said)
    if playing and playing.room ~= room then
      found[#found + 1] = players[i]
    end
  end
  return found
end
