--[[
  register-server: take a server's lease for a boot; every room of an earlier boot ends, its own are to be published.
  KEYS   1 meta  2 room:  3 open:  4 load:  5 listed:  6 wanted:  7 code:  8 server:  9 server-rooms:
  ARGV   1 lease_ms  2 heartbeat_ms  3 forgotten_ms  4 server  5 boot  6 registration  7 key  8 signature
         9 pairs (mode:compat, by space)  10 seats_max
  REPLY  REGISTERED now_ms
  COST   O(rooms of the earlier boot)
  RULES  LB13
]]
local index = {
  meta = KEYS[1],
  room = KEYS[2],
  open = KEYS[3],
  load = KEYS[4],
  listed = KEYS[5],
  wanted = KEYS[6],
  code = KEYS[7],
  server = KEYS[8],
  server_rooms = KEYS[9],
  lease_ms = tonumber(ARGV[1]),
  heartbeat_ms = tonumber(ARGV[2]),
  forgotten_ms = tonumber(ARGV[3]),
}
--- @include "clock"
--- @include "remove-room"
--- @include "withdraw-server"
--- @include "renew-lease"

clock(index)
local id, boot = ARGV[4], ARGV[5]
local key = index.server .. id
withdraw_server(index, id)
local earlier = redis.call("HGET", key, "boot")
if earlier ~= boot then
  for _, room in ipairs(redis.call("SMEMBERS", index.server_rooms .. id)) do
    remove_room(index, room)
  end
  redis.call("DEL", key)
  redis.call(
    "HSET", key, "boot", boot, "seq", 0, "draining", 0, "load", 0, "held", 0, "withheld", 0, "settledGap", 0
  )
end
redis.call(
  "HSET", key, "text", ARGV[6], "key", ARGV[7], "signature", ARGV[8], "pairs", ARGV[9], "seatsMax", ARGV[10], "missing", 1
)
renew_lease(index, id)
return { "REGISTERED", index.now }
