--- @include "refuse-seat"
--- @include "cut-match"

--- What a heartbeat says of those whom its server lets not in, single seats or everybody from now on, and of whom it sent away.
local function hear_refusals(index, server, beat)
  for _, ref in ipairs(beat.refused) do
    refuse_seat(index, server, ref)
  end
  for _, ref in ipairs(beat.cut) do
    cut_match(index, server, ref)
  end
  if beat.closed then
    redis.call("HSET", index.server .. server.id, "closed", 1)
  end
end
