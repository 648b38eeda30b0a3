--- @include "read-hold"
--- @include "drop-hold"
--- @include "live-server"
--- @include "is-avoided"
--- @include "asked-again"

--- The seats of the ticket's hold, one generation higher; nil if they are no good any more.
local function repeat_hold(index, ticket, wanted)
  local hold = read_hold(index, ticket)
  local fields = redis.call("HMGET", index.room .. hold.room, "mode", "capacity", "private", "code")
  local avoided = is_avoided(wanted, hold.server) and count_seats(hold.seats, "s") == 0
  if not fields[1] or avoided or not live_server(index, hold.server, hold.boot) then
    drop_hold(index, hold)
    return nil
  end
  return asked_again(index, hold, fields[1], fields[2], fields[3], fields[4])
end
