--[[
  look-server: what is known of a server, and how many rooms and players it has.
  KEYS   1 meta  2 room:  3 server:  4 server-rooms:
  ARGV   1 lease_ms  2 server
  REPLY  SERVER boot live draining closed leaves_in_ms rooms seated held | GONE. leaves_in_ms is -1 where it has not said so
  COST   O(rooms of the server)
  RULES  DR3
]]
local index = { meta = KEYS[1], room = KEYS[2], server = KEYS[3], server_rooms = KEYS[4], lease_ms = tonumber(ARGV[1]) }
--- @include "read-clock"
--- @include "read-server"
--- @include "is-live"

read_clock(index)
local id = ARGV[2]
local server = read_server(index, id)
if not server then
  return { "GONE" }
end
local rooms, seated = 0, 0
for _, room in ipairs(redis.call("SMEMBERS", index.server_rooms .. id)) do
  local sitting = redis.call("HGET", index.room .. room, "seated")
  if sitting then
    rooms, seated = rooms + 1, seated + tonumber(sitting)
  end
end
local fields = redis.call("HMGET", index.server .. id, "held", "leavesAt")
local leaves_in = fields[2] and math.max(0, tonumber(fields[2]) - index.now) or -1
return {
  "SERVER", server.boot, is_live(index, server) and 1 or 0, server.draining and 1 or 0, server.closed and 1 or 0, leaves_in,
  rooms, seated, tonumber(fields[1]),
}
