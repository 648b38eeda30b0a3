--- @include "in-grace"
--- @include "read-hold"
--- @include "drop-hold"

--- Gives back at most `budget` holds whose time has come, the oldest first. Seats sat in stay known to their ticket.
local function sweep_holds(index, budget)
  if in_grace(index) then
    return
  end
  for _, ticket in ipairs(redis.call("ZRANGEBYSCORE", index.holds, "-inf", index.now, "LIMIT", 0, budget)) do
    local hold = read_hold(index, ticket)
    if not hold then
      redis.call("ZREM", index.holds, ticket)
    elseif count_seats(hold.seats, "s") == 0 then
      drop_hold(index, hold)
    else
      redis.call("ZREM", index.holds, ticket)
      settle_seats(index, hold, count_seats(hold.seats, "."), true)
      redis.call("HSET", index.hold .. ticket, "seats", (string.gsub(hold.seats, "[.]", "x")))
    end
  end
end
