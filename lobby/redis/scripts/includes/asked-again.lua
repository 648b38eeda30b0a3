--- @include "count-seats"
--- @include "write-hold"
--- @include "due-later"
--- @include "reserved"

--- The hold's own seats again, one generation higher; `mode`, `capacity`, `private` and `code` are its room's.
local function asked_again(index, hold, mode, capacity, private, code)
  local generation = hold.generation + 1
  if count_seats(hold.seats, ".") > 0 then
    write_hold(index, hold.ticket, hold.room, hold.boot, hold.fresh, generation, hold.seats)
    due_later(index, hold.ticket)
  else
    redis.call("HSET", index.hold .. hold.ticket, "generation", generation)
  end
  local room = { id = hold.room, server = hold.server, boot = hold.boot, mode = mode, capacity = tonumber(capacity) }
  room.private, room.code = private, code
  return reserved(index, generation, hold.fresh, room)
end
