--- @include "count-seats"
--- @include "settle-seats"

--- Gives the held seats back and forgets the hold.
local function drop_hold(index, hold)
  redis.call("DEL", index.hold .. hold.ticket)
  redis.call("ZREM", index.holds, hold.ticket)
  settle_seats(index, hold, count_seats(hold.seats, "."), true)
end
