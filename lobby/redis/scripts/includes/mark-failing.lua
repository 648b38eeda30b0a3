--- @include "failing-mode"

--- From now on, and for `failing_ms`, the server is given few new rooms of the mode; other modes on it are not touched.
local function mark_failing(index, server, mode)
  if failing_mode(index, server, mode) then
    return
  end
  local till = string.format("%.0f", index.now + index.failing_ms)
  redis.call("HSET", index.server .. server.id, "failing:" .. mode, till .. " 0", "failingUntil", till)
  server.failing_until = tonumber(till)
end
