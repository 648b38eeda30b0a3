--- @include "read-hold"
--- @include "abort-match"
--- @include "promised-match"

--- How a match ended: its own seats and its roster; else, once nothing from before a gap can be missing any more, that it has
--- none and never will.
local function settle_one(index, match)
  if redis.call("EXISTS", index.aborted .. match) == 1 then
    return { "ABORTED" }
  end
  local hold = read_hold(index, match)
  local own = hold and promised_match(index, hold)
  if own then
    own[#own + 1] = redis.call("HGET", index.hold .. match, "roster") or ""
    return own
  end
  -- Servers begin to publish everything when all holds from before the gap have run out; one that lives has done so a lease later.
  local retry_in = index.gap_at + index.hold_ms + index.lease_ms - index.now
  if retry_in > 0 then
    return { "WAIT", retry_in }
  end
  return abort_match(index, match, hold)
end
