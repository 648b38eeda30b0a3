--- @include "read-wish"
--- @include "repeat-hold"
--- @include "repeat-match"
--- @include "playing-elsewhere"
--- @include "fill-room"
--- @include "new-room"
--- @include "named-room"
--- @include "take-seats"
--- @include "flush-takings"

--- One reservation: the ticket's own seats again, else the room that it names, else the best open room, else a new one
--- unless it wants an open one.
local function reserve_one(index, ticket, wish, fresh)
  local wanted = read_wish(index, wish)
  local kind, roster = wanted.kind, nil
  if wanted.of_match then
    local not_after, players
    not_after, players, roster = string.match(fresh, "^%w+ (%d+) ([^\n]*)\n(.*)$")
    local reply = repeat_match(index, ticket, wanted, tonumber(not_after))
    if reply then
      return reply
    end
    local seated = playing_elsewhere(index, players, kind == "backfill" and wanted.subject or nil)
    if seated[1] then
      return { "SEATED", unpack(seated) }
    end
  elseif redis.call("EXISTS", index.hold .. ticket) == 1 then
    flush_takings(index)
    local again = repeat_hold(index, ticket, wanted)
    if again then
      return again
    end
  end
  if wanted.pause and (wanted.mode or kind == "code") then
    return { "PAUSED", wanted.pause }
  end
  local reply = (kind == "best" or kind == "open") and fill_room(index, ticket, wanted)
  if reply then
    return reply
  end
  if kind == "open" then
    return { "ROOM_GONE" }
  end
  -- A match's new room is in nobody's way: whatever is being filled stays the best.
  if kind ~= "match" then
    flush_takings(index)
  end
  local room, refusal
  if wanted.mode then
    room, refusal = new_room(index, wanted, fresh)
  else
    local id = kind == "code" and redis.call("GET", index.code .. wanted.subject) or kind ~= "code" and wanted.subject
    if not id then
      return { "CODE_UNKNOWN" }
    end
    room, refusal = named_room(index, wanted, id)
  end
  if not room then
    return refusal
  end
  room.roster = roster
  return take_seats(index, ticket, wanted, room)
end
