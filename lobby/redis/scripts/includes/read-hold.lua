--- A ticket's hold, or nil.
local function read_hold(index, ticket)
  local fields = redis.call("HMGET", index.hold .. ticket, "room", "server", "boot", "fresh", "generation", "seats")
  if not fields[1] then
    return nil
  end
  return {
    ticket = ticket,
    room = fields[1],
    server = fields[2],
    boot = fields[3],
    fresh = fields[4],
    generation = tonumber(fields[5]),
    seats = fields[6],
  }
end
