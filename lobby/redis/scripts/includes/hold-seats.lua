--- @include "write-hold"
--- @include "due-later"
--- @include "reserved"

--- Writes a ticket's hold on seats that were taken in `room` (id, server, boot, mode, capacity, private, code, fresh), and
--- answers with it.
local function hold_seats(index, ticket, wanted, room)
  write_hold(index, ticket, room.id, room.boot, room.fresh, "1", wanted.held)
  index.held[room.server] = (index.held[room.server] or 0) + wanted.seats
  due_later(index, ticket)
  return reserved(index, 1, room.fresh, room)
end
