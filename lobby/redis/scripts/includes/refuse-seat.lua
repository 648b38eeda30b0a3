--- @include "read-hold"
--- @include "was-sat-in"
--- @include "mark-failing"

--- A server says that it let nobody in: a match in which nobody has sat down may be placed again.
local function refuse_seat(index, server, ref)
  local hold = read_hold(index, ref.ticket)
  if not hold or hold.room ~= ref.roomId or hold.boot ~= server.boot then
    return
  end
  local kept = redis.call("HGET", index.hold .. ref.ticket, "mode")
  local mode = redis.call("HGET", index.room .. ref.roomId, "mode") or kept
  if mode then
    mark_failing(index, server, mode)
  end
  if kept and not was_sat_in(hold) then
    redis.call("HSET", index.hold .. ref.ticket, "refused", 1)
  end
end
