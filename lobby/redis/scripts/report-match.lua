--[[
  report-match: keep the result of a match until somebody is done with it, once a match; from then on nobody plays in its room.
  KEYS   1 meta  2 reports  3 report:  4 room:
  ARGV   1 lease_ms  2 heartbeat_ms  3 report_kept_ms  4 reports_max  5 match  6 room  7 report (JSON)
  REPLY  KEPT | REPEATED | DROPPED dropped
  COST   O(log reports), and those that have run out
  RULES  LM15 LM16 LM21
]]
local index = {
  meta = KEYS[1],
  lease_ms = tonumber(ARGV[1]),
  heartbeat_ms = tonumber(ARGV[2]),
}
--- @include "clock"

clock(index)
local room = KEYS[4] .. ARGV[6]
if redis.call("EXISTS", room) == 1 then
  redis.call("HSET", room, "finished", 1)
end
local kept_ms, key = tonumber(ARGV[3]), KEYS[3] .. ARGV[5]
if redis.call("EXISTS", key) == 1 then
  return { "REPEATED" }
end
redis.call("ZREMRANGEBYSCORE", KEYS[2], "-inf", index.now - kept_ms)
if redis.call("ZCARD", KEYS[2]) >= tonumber(ARGV[4]) then
  return { "DROPPED", redis.call("HINCRBY", index.meta, "reportsDropped", 1) }
end
redis.call("SET", key, ARGV[7], "PX", kept_ms)
redis.call("ZADD", KEYS[2], index.now, ARGV[5])
redis.call("PEXPIRE", KEYS[2], kept_ms)
return { "KEPT" }
