--- @include "read-hold"
--- @include "read-server"
--- @include "was-sat-in"
--- @include "promised-match"
--- @include "place-again"

--- The match's seats in another room than the one that it was refused in, if its server said so itself: that
--- it let nobody in, or ended it.
local function replace_one(index, match, refused_in, suffix)
  local hold = read_hold(index, match)
  local fields = redis.call(
    "HMGET", index.hold .. match, "mode", "capacity", "compat", "roster", "shunned", "refused", "cut", "why"
  )
  if not hold or not fields[1] then
    return { "GONE" }
  end
  local kept = { mode = fields[1], capacity = fields[2], compat = fields[3], roster = fields[4], shunned = fields[5] }
  if hold.room ~= refused_in then
    local own = promised_match(index, hold)
    own[#own + 1] = kept.roster
    own[#own + 1] = fields[8] or ""
    return own
  end
  kept.is_cut = fields[7] == "1"
  if was_sat_in(hold) and not kept.is_cut then
    return { "SEATED" }
  end
  local server = read_server(index, hold.server)
  local is_closed = server and server.boot == hold.boot and server.closed
  if not is_closed and not kept.is_cut and fields[6] ~= "1" then
    return { "UNREFUSED" }
  end
  return place_again(index, hold, kept, suffix)
end
