--- @include "read-clock"
--- @include "open-gap"

--- Reads the clock and notices a gap: nobody asked anything for longer than a lease, the clock went back by more than a
--- correction, or the store has forgotten everything. Every script that changes the index begins with it.
local function clock(index)
  local seen = read_clock(index)
  if seen and index.now - seen <= index.lease_ms and index.now >= seen - index.heartbeat_ms then
    redis.call("HSET", index.meta, "clock", index.now)
  else
    open_gap(index)
  end
end
