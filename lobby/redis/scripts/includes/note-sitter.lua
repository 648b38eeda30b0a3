--- The seat where a signed-in player sits. Of several the one where he sat down last counts: saying an older one again
--- changes nothing.
local function note_sitter(index, ref, is_new)
  if not ref.player then
    return
  end
  local key = index.sitter .. ref.player
  local known = redis.call("HMGET", key, "ticket", "seat")
  if not is_new and known[1] and (known[1] ~= ref.ticket or tonumber(known[2]) ~= ref.seat) then
    return
  end
  redis.call("HSET", key, "ticket", ref.ticket, "seat", ref.seat, "team", ref.team or "")
  redis.call("PEXPIRE", key, index.kept_ms)
end
