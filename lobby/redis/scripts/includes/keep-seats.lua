--- @include "count-seats"

--- Writes what is left of a hold's seats; the hold ends with its last.
local function keep_seats(index, hold, seats)
  local held = count_seats(seats, ".")
  if held == 0 then
    redis.call("ZREM", index.holds, hold.ticket)
  end
  if held + count_seats(seats, "s") == 0 then
    redis.call("DEL", index.hold .. hold.ticket)
  else
    redis.call("HSET", index.hold .. hold.ticket, "seats", seats)
  end
end
