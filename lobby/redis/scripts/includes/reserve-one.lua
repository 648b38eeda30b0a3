--- @include "repeat-hold"
--- @include "paused-by"
--- @include "fill-room"
--- @include "new-room"
--- @include "named-room"
--- @include "take-seats"
--- @include "flush-takings"

--- One reservation: the ticket's own seats again, else the room that it names, else the best open room, else a new one
--- unless it wants an open one.
local function reserve_one(index, wanted)
  if redis.call("EXISTS", index.hold .. wanted.ticket) == 1 then
    flush_takings(index)
    local again = repeat_hold(index, wanted)
    if again then
      return again
    end
  end
  local kind = wanted.kind
  wanted.mode = kind ~= "room" and kind ~= "code" and wanted.subject or nil
  local flag = kind ~= "room" and paused_by(index, wanted.compat, wanted.mode)
  if flag then
    return { "PAUSED", flag }
  end
  local reply = (kind == "best" or kind == "open") and fill_room(index, wanted)
  if reply then
    return reply
  end
  if kind == "open" then
    return { "ROOM_GONE" }
  end
  flush_takings(index)
  local room, refusal
  if wanted.mode then
    room, refusal = new_room(index, wanted)
  else
    local id = kind == "room" and wanted.subject or redis.call("GET", index.code .. wanted.subject)
    if not id then
      return { "CODE_UNKNOWN" }
    end
    room, refusal = named_room(index, wanted, id)
  end
  return room and take_seats(index, wanted, room) or refusal
end
