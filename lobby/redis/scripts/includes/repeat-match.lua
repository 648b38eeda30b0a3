--- @include "read-hold"
--- @include "drop-hold"
--- @include "match-stays"
--- @include "promised-match"
--- @include "flush-takings"

--- The answer to a match's reservation that takes no seats: aborted, its own again, too late. Nil: it may take some.
local function repeat_match(index, match, wanted, not_after)
  if redis.call("EXISTS", index.aborted .. match) == 1 then
    return { "ABORTED" }
  end
  local is_late = not_after > 0 and index.now > not_after
  local hold = read_hold(index, match)
  if hold then
    flush_takings(index)
    local own = match_stays(index, wanted, hold, is_late) and promised_match(index, hold)
    if own then
      return own
    end
    drop_hold(index, hold)
  end
  return is_late and { "EXPIRED" } or nil
end
