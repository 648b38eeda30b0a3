--- @include "write-hold"
--- @include "due-later"
--- @include "reserved"

--- Writes the hold on seats that were taken in `room` (id, server, boot, mode, capacity, private, code, fresh), and answers
--- with it.
local function hold_seats(index, wanted, room)
  local hold = {
    ticket = wanted.ticket,
    room = room.id,
    server = room.server,
    boot = room.boot,
    fresh = room.fresh,
    generation = "1",
    seats = string.rep(".", wanted.seats),
  }
  write_hold(index, hold)
  index.held[room.server] = (index.held[room.server] or 0) + wanted.seats
  due_later(index, wanted.ticket)
  return reserved(hold, room)
end
