--- A server's record, read once a call; nil if there is none.
local function read_server(index, id)
  local known = index.servers[id]
  if known == nil then
    local fields = redis.call(
      "HMGET", index.server .. id, "boot", "leaseUntil", "leaseGap", "draining", "seatsMax", "load",
      "closed", "failingUntil")
    known = fields[1]
      and {
        id = id,
        boot = fields[1],
        lease_until = tonumber(fields[2]),
        lease_gap = tonumber(fields[3]),
        draining = fields[4] == "1",
        seats_max = tonumber(fields[5]),
        load = tonumber(fields[6]),
        closed = fields[7] == "1",
        failing_until = tonumber(fields[8] or nil),
      }
    index.servers[id] = known or false
  end
  return known or nil
end
