--- The server that a room id names: `fra_7_x2Kd9` is on 7.
local function server_of(room)
  return string.match(room, "_(%w+)_")
end
