--- @include "repeat-hold"
--- @include "paused-by"
--- @include "best-open-room"
--- @include "new-room"
--- @include "named-room"
--- @include "take-seats"

--- One reservation: the ticket's own seats again, else the room that it names, else the best open room, else a new one unless it wants an open one.
local function reserve_one(index, wanted)
  local again = repeat_hold(index, wanted)
  if again then
    return again
  end
  local room, refusal
  if wanted.kind == "room" then
    room, refusal = named_room(index, wanted, wanted.subject)
    return room and take_seats(index, wanted, room) or refusal
  end
  local by_code = wanted.kind == "code"
  wanted.mode = not by_code and wanted.subject or nil
  local flag = paused_by(index, wanted.compat, wanted.mode)
  if flag then
    return { "PAUSED", flag }
  end
  if by_code then
    local id = redis.call("GET", index.code .. wanted.subject)
    if not id then
      return { "CODE_UNKNOWN" }
    end
    room, refusal = named_room(index, wanted, id)
    return room and take_seats(index, wanted, room) or refusal
  end
  local joins_open = wanted.kind == "best" or wanted.kind == "open"
  room = joins_open and best_open_room(index, wanted) or nil
  if not room and wanted.kind == "open" then
    return { "ROOM_GONE" }
  elseif not room then
    room, refusal = new_room(index, wanted)
  end
  return room and take_seats(index, wanted, room) or { refusal }
end
