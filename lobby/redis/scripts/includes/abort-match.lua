--- @include "drop-hold"

--- From now on the match has no seats, and never will; `hold` is what it has, or nil.
local function abort_match(index, match, hold)
  if hold then
    drop_hold(index, hold)
  end
  redis.call("SET", index.aborted .. match, "", "PX", index.tombstone_holds * index.hold_ms + index.forgotten_ms)
  return { "ABORTED" }
end
