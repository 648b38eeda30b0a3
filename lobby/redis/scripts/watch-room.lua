--[[
  watch-room: a room to look on in, on a live server. It counts nothing: a spectator's place is its server's to give.
  KEYS   1 meta  2 room:  3 code:  4 server:
  ARGV   1 lease_ms  2 by (room, code)  3 named (room id or code)  4 compat
  REPLY  WATCH now_ms room boot mode capacity private code | ROOM_GONE | CODE_UNKNOWN | UNWATCHED | FULL
  COST   O(1)
  RULES  SP5
]]
local index = { meta = KEYS[1], server = KEYS[4], lease_ms = tonumber(ARGV[1]) }
--- @include "read-clock"
--- @include "live-server"
--- @include "server-of"

read_clock(index)
local id = ARGV[3]
if ARGV[2] == "code" then
  id = redis.call("GET", KEYS[3] .. ARGV[3])
  if not id then
    return { "CODE_UNKNOWN" }
  end
end
local room = redis.call("HMGET", KEYS[2] .. id, "mode", "compat", "boot", "capacity", "private", "code", "watch")
if not room[1] or room[2] ~= ARGV[4] or not live_server(index, server_of(id), room[3]) then
  return { "ROOM_GONE" }
end
local free = tonumber(room[7] or -1)
if free < 0 then
  return { "UNWATCHED" }
end
if free == 0 then
  return { "FULL" }
end
return { "WATCH", index.now, id, room[3], room[1], tonumber(room[4]), tonumber(room[5]), room[6] }
