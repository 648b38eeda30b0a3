--[[
  observe-store: look at the clock, and at which Redis this is. Another one than before (a restart, a failover) may have
  forgotten the last writes: that is a gap.
  KEYS   1 meta
  ARGV   1 lease_ms  2 heartbeat_ms
  REPLY  OBSERVED now_ms gap
  COST   O(1)
  RULES  LB16 LB17
]]
local index = {
  meta = KEYS[1],
  lease_ms = tonumber(ARGV[1]),
  heartbeat_ms = tonumber(ARGV[2]),
}
--- @include "clock"

clock(index)
local run_id = string.match(redis.call("INFO", "server"), "run_id:(%w+)")
local known = index.fields.runId
if known ~= run_id then
  if known and index.gap_at ~= index.now then
    open_gap(index)
  end
  redis.call("HSET", index.meta, "runId", run_id)
end
return { "OBSERVED", index.now, index.gap }
