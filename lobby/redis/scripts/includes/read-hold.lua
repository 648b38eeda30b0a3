--- @include "server-of"

--- A ticket's hold, or nil.
local function read_hold(index, ticket)
  local fields = redis.call("HMGET", index.hold .. ticket, "room", "boot", "fresh", "generation", "seats")
  local room = fields[1]
  return room
    and {
      ticket = ticket,
      room = room,
      server = server_of(room),
      boot = fields[2],
      fresh = fields[3],
      generation = tonumber(fields[4]),
      seats = fields[5],
    }
end
