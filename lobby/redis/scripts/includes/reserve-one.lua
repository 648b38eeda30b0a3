--- @include "read-wish"
--- @include "repeat-hold"
--- @include "fill-room"
--- @include "new-room"
--- @include "named-room"
--- @include "take-seats"
--- @include "flush-takings"

--- One reservation: the ticket's own seats again, else the room that it names, else the best open room, else a new one
--- unless it wants an open one.
local function reserve_one(index, ticket, wish, fresh)
  local wanted = read_wish(index, wish)
  if redis.call("EXISTS", index.hold .. ticket) == 1 then
    flush_takings(index)
    local again = repeat_hold(index, ticket, wanted)
    if again then
      return again
    end
  end
  local kind = wanted.kind
  if wanted.pause and kind ~= "room" then
    return { "PAUSED", wanted.pause }
  end
  local reply = (kind == "best" or kind == "open") and fill_room(index, ticket, wanted)
  if reply then
    return reply
  end
  if kind == "open" then
    return { "ROOM_GONE" }
  end
  flush_takings(index)
  local room, refusal
  if wanted.mode then
    room, refusal = new_room(index, wanted, fresh)
  else
    local id = kind == "room" and wanted.subject or redis.call("GET", index.code .. wanted.subject)
    if not id then
      return { "CODE_UNKNOWN" }
    end
    room, refusal = named_room(index, wanted, id)
  end
  return room and take_seats(index, ticket, wanted, room) or refusal
end
