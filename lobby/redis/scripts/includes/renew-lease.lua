--- @include "write-load"

--- Extends a server's lease. Its record outlives its rooms' records, so that only a real loss of memory makes it unknown.
local function renew_lease(index, id)
  local key = index.server .. id
  redis.call("HSET", key, "leaseUntil", index.now + index.lease_ms, "leaseGap", index.gap)
  redis.call("PEXPIRE", key, 2 * index.forgotten_ms)
  redis.call("PEXPIRE", index.server_rooms .. id, 2 * index.forgotten_ms)
  local fields = redis.call("HMGET", key, "draining", "load", "held", "seatsMax")
  if fields[1] ~= "1" then
    write_load(index, id, tonumber(fields[2]) + tonumber(fields[3]) / tonumber(fields[4]))
  end
end
