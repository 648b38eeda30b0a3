--- @include "write-hold"
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
  local due = index.due
  index.due_at = index.due_at or string.format("%.0f", index.now + index.hold_ms)
  due[#due + 1] = index.due_at
  due[#due + 1] = wanted.ticket
  return reserved(hold, room)
end
