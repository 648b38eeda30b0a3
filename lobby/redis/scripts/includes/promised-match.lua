--- @include "asked-again"

--- A match's own seats again, also where its room is over; nil where the index has learned the match anew and knows no room.
local function promised_match(index, hold)
  local fields = redis.call("HMGET", index.room .. hold.room, "mode", "capacity", "private", "code")
  if fields[1] then
    return asked_again(index, hold, fields[1], fields[2], fields[3], fields[4])
  end
  local kept = redis.call("HMGET", index.hold .. hold.ticket, "mode", "capacity")
  return kept[1] and asked_again(index, hold, kept[1], kept[2], "1", "") or nil
end
