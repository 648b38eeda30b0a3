--[[
  list-wanted: rooms of a mode on live servers that want players and may take them; of a room from before a gap nobody knows.
  KEYS   1 meta  2 wanted:  3 room:  4 server:
  ARGV   1 lease_ms  2 probes  3 mode  4 limit
  REPLY  per room: room compat wanted seated held capacity company
  COST   O(log rooms + limit + probes)
  RULES  LM10
]]
local index = { meta = KEYS[1], server = KEYS[4], lease_ms = tonumber(ARGV[1]) }
--- @include "read-clock"
--- @include "live-server"
--- @include "server-of"

read_clock(index)
local wanting, limit = KEYS[2] .. ARGV[3], tonumber(ARGV[4])
local reply = {}
for _, id in ipairs(redis.call("ZRANGEBYLEX", wanting, "-", "+", "LIMIT", 0, limit + tonumber(ARGV[2]))) do
  if #reply == limit then
    break
  end
  local fields = redis.call(
    "HMGET", KEYS[3] .. id, "boot", "gap", "compat", "wanted", "seated", "held",
    "capacity", "company")
  if not fields[1] then
    redis.call("ZREM", wanting, id)
  elseif tonumber(fields[2]) == index.gap and live_server(index, server_of(id), fields[1]) then
    local seated, held, capacity = tonumber(fields[5]), tonumber(fields[6]), tonumber(fields[7])
    reply[#reply + 1] = { id, fields[3], fields[4], seated, held, capacity, fields[8] }
  end
end
return reply
