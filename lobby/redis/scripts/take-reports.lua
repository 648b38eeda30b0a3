--[[
  take-reports: the oldest match results that wait; out of sight from now on until they are given again, or done with.
  KEYS   1 meta  2 reports  3 report:
  ARGV   1 lease_ms  2 heartbeat_ms  3 report_retry_ms  4 max
  REPLY  per report: match report (JSON)
  COST   O(max log reports)
  RULES  LM15
]]
local index = {
  meta = KEYS[1],
  lease_ms = tonumber(ARGV[1]),
  heartbeat_ms = tonumber(ARGV[2]),
}
--- @include "clock"

clock(index)
local again, max = index.now + tonumber(ARGV[3]), tonumber(ARGV[4])
local due = redis.call("ZRANGEBYSCORE", KEYS[2], "-inf", index.now, "LIMIT", 0, max)
-- Later than any could be taken until: the clock has gone back since.
local astray = redis.call("ZRANGEBYSCORE", KEYS[2], "(" .. string.format("%.0f", again), "+inf", "LIMIT", 0, max - #due)
for _, id in ipairs(astray) do
  due[#due + 1] = id
end
local reply = {}
for _, id in ipairs(due) do
  local report = redis.call("GET", KEYS[3] .. id)
  if report and report ~= "" then
    redis.call("ZADD", KEYS[2], again, id)
    reply[#reply + 1] = { id, report }
  else
    redis.call("ZREM", KEYS[2], id)
  end
end
return reply
