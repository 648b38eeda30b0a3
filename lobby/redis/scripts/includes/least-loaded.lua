--- @include "is-avoided"
--- @include "read-server"
--- @include "is-live"

--- The least loaded live server for the mode and compat below its ceiling, or nil. A dead one leaves the choice until its
--- next heartbeat.
local function least_loaded(index, wanted, load)
  local skipped = 0
  for _ = 1, index.probes do
    local id = redis.call("ZRANGEBYSCORE", load, "-inf", "(1", "LIMIT", skipped, 1)[1]
    if not id then
      return nil
    end
    local server = read_server(index, id)
    if is_avoided(wanted, id) then
      skipped = skipped + 1
    elseif server and not server.draining and is_live(index, server) then
      return server
    else
      redis.call("ZREM", load, id)
    end
  end
  return nil
end
