--- Writes what this call held and gave back, one write a server, however many reservations it was.
local function flush_held(index)
  for id, seats in pairs(index.held) do
    local key = index.server .. id
    if seats ~= 0 and redis.call("HINCRBY", key, "held", seats) < 0 then
      redis.call("HSET", key, "held", 0)
    end
  end
  index.held = {}
end
