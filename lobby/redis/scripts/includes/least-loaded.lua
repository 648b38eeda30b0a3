--- @include "is-avoided"
--- @include "read-server"
--- @include "is-live"
--- @include "may-take-room"

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
    local is_there = server and not server.draining and is_live(index, server)
    if is_avoided(wanted, id) then
      skipped = skipped + 1
    elseif not is_there then
      redis.call("ZREM", load, id)
    elseif may_take_room(index, server, wanted.mode) then
      return server
    else
      skipped = skipped + 1
    end
  end
  return nil
end
