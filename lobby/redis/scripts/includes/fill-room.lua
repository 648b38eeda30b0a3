--- @include "best-open-room"
--- @include "hold-seats"

--- Takes the wanted seats in the best open room; nil where there is none.
local function fill_room(index, ticket, wanted)
  local fill = best_open_room(index, wanted)
  if not fill then
    return nil
  end
  local reply = hold_seats(index, ticket, wanted, fill.room)
  fill.free = fill.free - wanted.seats
  fill.taken = fill.taken + wanted.seats
  return reply
end
