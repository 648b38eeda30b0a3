--- @include "read-hold"
--- @include "count-seats"
--- @include "settle-seats"

--- A place is left for good, says its server; the hold ends with its last seat.
local function leave_seat(index, id, boot, ref)
  local hold = read_hold(index, ref.ticket)
  if not hold or hold.server ~= id or hold.boot ~= boot or ref.seat >= #hold.seats then
    return
  end
  if string.sub(hold.seats, ref.seat + 1, ref.seat + 1) == "." then
    settle_seats(index, hold, 1, true)
  end
  hold.seats = string.sub(hold.seats, 1, ref.seat) .. "l" .. string.sub(hold.seats, ref.seat + 2)
  local held = count_seats(hold.seats, ".")
  if held == 0 then
    redis.call("ZREM", index.holds, hold.ticket)
  end
  if held + count_seats(hold.seats, "s") == 0 then
    redis.call("DEL", index.hold .. hold.ticket)
  else
    redis.call("HSET", index.hold .. hold.ticket, "seats", hold.seats)
  end
end
