--- @include "count-seats"
--- @include "is-avoided"
--- @include "live-server"

--- Whether a match keeps the seats that it has. Where somebody sits it is never placed again: its server may play on where the
--- index does not hear it. Neither is one whose reservation comes too late, for it may be a copy of one that others were told
--- of; unless it names the server to avoid.
local function match_stays(index, wanted, hold, is_late)
  if count_seats(hold.seats, "s") > 0 then
    return true
  end
  if is_avoided(wanted, hold.server) then
    return false
  end
  if is_late then
    return true
  end
  return redis.call("EXISTS", index.room .. hold.room) == 1 and live_server(index, hold.server, hold.boot) ~= nil
end
