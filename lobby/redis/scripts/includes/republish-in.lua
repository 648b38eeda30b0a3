--- @include "is-settled"

--- When the server shall publish everything: in so many ms, or -1 for not at all. A complete publication settles a gap only
--- if none of its rooms had to be withheld.
local function republish_in(index, key, is_complete)
  local fields = redis.call("HMGET", key, "missing", "withheld", "settledGap")
  local missing, settled_gap = fields[1] == "1", tonumber(fields[3])
  if is_complete then
    missing = false
    if is_settled(index) and fields[2] ~= "1" then
      settled_gap = index.gap
    end
    redis.call("HSET", key, "missing", 0, "withheld", 0, "settledGap", settled_gap)
  end
  if missing then
    return 0
  end
  return settled_gap == index.gap and -1 or math.max(0, index.gap_at + index.hold_ms - index.now)
end
