--- @include "read-hold"
--- @include "drop-hold"
--- @include "live-server"
--- @include "is-avoided"
--- @include "write-hold"
--- @include "due-later"
--- @include "reserved"

--- The seats of the ticket's hold, one generation higher; nil if they are no good any more.
local function repeat_hold(index, ticket, wanted)
  local hold = read_hold(index, ticket)
  local fields = redis.call("HMGET", index.room .. hold.room, "mode", "capacity", "private", "code")
  local avoided = is_avoided(wanted, hold.server) and count_seats(hold.seats, "s") == 0
  if not fields[1] or avoided or not live_server(index, hold.server, hold.boot) then
    drop_hold(index, hold)
    return nil
  end
  local generation = hold.generation + 1
  if count_seats(hold.seats, ".") > 0 then
    write_hold(index, ticket, hold.room, hold.boot, hold.fresh, generation, hold.seats)
    due_later(index, ticket)
  else
    redis.call("HSET", index.hold .. ticket, "generation", generation)
  end
  local room = { id = hold.room, server = hold.server, boot = hold.boot, mode = fields[1], capacity = tonumber(fields[2]) }
  room.private, room.code = fields[3], fields[4]
  return reserved(index, generation, hold.fresh, room)
end
