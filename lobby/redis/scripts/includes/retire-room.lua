--- @include "is-settled"
--- @include "remove-room"

--- Ends a room that nobody is promised, and answers whether it did; where a promise may have been lost in a gap, not before
--- it has run out.
local function retire_room(index, id)
  local fields = redis.call("HMGET", index.room .. id, "held", "gap")
  local sure = tonumber(fields[2] or 0) == index.gap or is_settled(index)
  if not sure or (tonumber(fields[1] or 0) > 0) then
    return false
  end
  remove_room(index, id)
  return true
end
