--- @include "paused-by"
--- @include "new-room"
--- @include "drop-hold"
--- @include "take-seats"
--- @include "abort-match"

--- Places a refused or cut match in a new room, without the servers that refused it; `kept` is what its hold says of the match. What it
--- has it keeps until it has something else. The new hold says why, to whoever asks later.
local function place_again(index, hold, kept, suffix)
  local why = kept.is_cut and "CUT" or "REFUSED"
  local shunned = kept.shunned and kept.shunned .. "," .. hold.server or hold.server
  local _, commas = string.gsub(shunned, ",", "")
  if hold.fresh ~= "1" or (commas >= index.replacements_max and not kept.is_cut) then
    abort_match(index, hold.ticket, hold)
    return { "ABORTED", kept.mode, why }
  end
  local flag = paused_by(index, kept.compat, kept.mode)
  if flag then
    return { "PAUSED", flag }
  end
  local seats = #hold.seats
  local wanted = { kind = "match", mode = kept.mode, compat = kept.compat, seats = seats, held = string.rep(".", seats) }
  wanted.fresh_seats, wanted.avoid = tonumber(kept.capacity), index.avoid .. "," .. (kept.is_cut and "" or shunned)
  local room, refusal = new_room(index, wanted, suffix)
  if not room then
    return refusal[1] == "CODE_TAKEN" and refusal or { "NO_SERVER" }
  end
  drop_hold(index, hold)
  room.roster = kept.roster
  local reply = take_seats(index, hold.ticket, wanted, room)
  redis.call("HSET", index.hold .. hold.ticket, "why", why)
  -- A server that left, or its next boot, did nothing wrong.
  if not kept.is_cut then
    redis.call("HSET", index.hold .. hold.ticket, "shunned", shunned)
  end
  reply[#reply + 1] = kept.roster
  reply[#reply + 1] = why
  return reply
end
