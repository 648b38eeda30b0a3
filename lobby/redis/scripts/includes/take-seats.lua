--- @include "open-key"
--- @include "hold-seats"

--- Takes the wanted seats in a room that was named or made for them.
local function take_seats(index, ticket, wanted, room)
  local reply = hold_seats(index, ticket, wanted, room)
  redis.call("HINCRBY", index.room .. room.id, "held", wanted.seats)
  redis.call("ZADD", open_key(index, room.mode, wanted.compat), "XX", "INCR", -wanted.seats, room.id)
  return reply
end
