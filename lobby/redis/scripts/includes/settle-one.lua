--- @include "read-hold"
--- @include "abort-match"
--- @include "promised-match"
--- @include "unsure-ms"

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
  local retry_in = unsure_ms(index)
  if retry_in > 0 then
    return { "WAIT", retry_in }
  end
  return abort_match(index, match, hold)
end
