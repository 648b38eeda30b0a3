--- @include "open-key"
--- @include "hold-seats"

--- Takes the wanted seats in a room that was named or made for them.
local function take_seats(index, ticket, wanted, room)
  local reply = hold_seats(index, ticket, wanted, room)
  if room.roster then
    redis.call(
      "HSET", index.hold .. ticket, "mode", room.mode, "capacity", room.capacity, "compat", wanted.compat, "roster",
      room.roster
    )
  end
  redis.call("HINCRBY", index.room .. room.id, "held", wanted.seats)
  if wanted.kind ~= "match" then
    redis.call("ZADD", open_key(index, room.mode, wanted.compat), "XX", "INCR", -wanted.seats, room.id)
  end
  return reply
end
