--- @include "open-key"
--- @include "write-hold"
--- @include "reserved"

--- Holds the wanted seats in a room that has them. `room` is id, server, boot, mode, capacity, private, code, fresh.
local function take_seats(index, wanted, room)
  redis.call("HINCRBY", index.room .. room.id, "held", wanted.seats)
  redis.call("ZADD", open_key(index, room.mode, wanted.compat), "XX", "INCR", -wanted.seats, room.id)
  index.held[room.server] = (index.held[room.server] or 0) + wanted.seats
  local hold = {
    ticket = wanted.ticket,
    room = room.id,
    server = room.server,
    boot = room.boot,
    fresh = room.fresh,
    generation = 1,
    seats = string.rep(".", wanted.seats),
  }
  write_hold(index, hold)
  redis.call("ZADD", index.holds, index.now + index.hold_ms, wanted.ticket)
  return reserved(hold, room)
end
