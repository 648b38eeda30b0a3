--[[
  drain-server: no new reservations on a server from now on; its lease and earlier holds stay.
  KEYS   1 meta  2 room:  3 open:  4 load:  5 listed:  6 wanted:  7 server:  8 server-rooms:
  ARGV   1 lease_ms  2 heartbeat_ms  3 server  4 boot (empty: whichever it has)
  REPLY  DRAINING | STALE
  COST   O(rooms of the server)
  RULES  LB14 DR3
]]
local index = {
  meta = KEYS[1],
  room = KEYS[2],
  open = KEYS[3],
  load = KEYS[4],
  listed = KEYS[5],
  wanted = KEYS[6],
  server = KEYS[7],
  server_rooms = KEYS[8],
  lease_ms = tonumber(ARGV[1]),
  heartbeat_ms = tonumber(ARGV[2]),
}
--- @include "clock"
--- @include "unlist-room"
--- @include "withdraw-server"

clock(index)
local id = ARGV[3]
local boot = redis.call("HGET", index.server .. id, "boot")
if not boot or (ARGV[4] ~= "" and boot ~= ARGV[4]) then
  return "STALE"
end
redis.call("HSET", index.server .. id, "draining", 1)
withdraw_server(index, id)
for _, room in ipairs(redis.call("SMEMBERS", index.server_rooms .. id)) do
  local fields = redis.call("HMGET", index.room .. room, "mode", "compat")
  if fields[1] then
    unlist_room(index, room, fields[1], fields[2])
  end
end
return "DRAINING"
