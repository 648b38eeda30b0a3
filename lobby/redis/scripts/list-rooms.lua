--[[
  list-rooms: a page of the public rooms of a mode on live servers, in order of their ids; a short page with a `next` is not
  the end.
  KEYS   1 meta  2 listed:  3 watchable:  4 room:  5 server:
  ARGV   1 lease_ms  2 probes  3 mode  4 after (room id, or empty)  5 limit  6 which (listed, watchable)
  REPLY  next (room id, or empty), then per room: room capacity seated held metadata watch (free places, or -1)
  COST   O(log rooms + limit + probes)
  RULES  LB11 SP5
]]
local index = { meta = KEYS[1], server = KEYS[5], lease_ms = tonumber(ARGV[1]) }
--- @include "read-clock"
--- @include "live-server"
--- @include "server-of"

read_clock(index)
local listed = (ARGV[6] == "watchable" and KEYS[3] or KEYS[2]) .. ARGV[3]
local from = ARGV[4] == "" and "-" or "(" .. ARGV[4]
local limit = tonumber(ARGV[5])
local looked = limit + tonumber(ARGV[2])
local ids = redis.call("ZRANGEBYLEX", listed, from, "+", "LIMIT", 0, looked + 1)
local reply, last = { "" }, nil
for i = 1, math.min(looked, #ids) do
  if #reply > limit then
    break
  end
  local id = ids[i]
  last = id
  local fields = redis.call("HMGET", KEYS[4] .. id, "boot", "capacity", "seated", "held", "metadata", "watch")
  if not fields[1] then
    redis.call("ZREM", listed, id)
  elseif live_server(index, server_of(id), fields[1]) then
    reply[#reply + 1] = { id, tonumber(fields[2]), tonumber(fields[3]), tonumber(fields[4]), fields[5], tonumber(fields[6] or -1) }
  end
end
if last and last ~= ids[#ids] then
  reply[1] = last
end
return reply
