--- Until when a mode's rooms count as failing on a server, and how many new ones it was given since; nil where they do not. A
--- window that ends later than any could was opened before the clock went back.
local function failing_mode(index, server, mode)
  if not server.failing_until or index.now >= server.failing_until then
    return nil
  end
  local told = redis.call("HGET", index.server .. server.id, "failing:" .. mode)
  local till, placements = string.match(told or "", "^(%d+) (%d+)$")
  local left = till and tonumber(till) - index.now or 0
  if left > 0 and left <= index.failing_ms then
    return till, tonumber(placements)
  end
  return nil
end
