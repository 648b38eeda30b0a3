--- @include "read-hold"

--- A server says that it ended a match, in which players sat, because it leaves: it may be placed again.
local function cut_match(index, server, ref)
  local hold = read_hold(index, ref.ticket)
  if not hold or hold.room ~= ref.roomId or hold.boot ~= server.boot then
    return
  end
  local key = index.hold .. ref.ticket
  if redis.call("HEXISTS", key, "mode") == 1 then
    redis.call("HSET", key, "cut", 1)
    redis.call("PEXPIRE", key, index.hold_ms + index.forgotten_ms)
  end
end
