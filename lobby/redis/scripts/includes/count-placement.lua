--- @include "failing-mode"

--- A failing server is given a new room.
local function count_placement(index, server, mode)
  local till, placements = failing_mode(index, server, mode)
  if till then
    redis.call("HSET", index.server .. server.id, "failing:" .. mode, till .. " " .. placements + 1)
  end
end
