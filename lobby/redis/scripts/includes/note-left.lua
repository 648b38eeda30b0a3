--- A player has left this seat; of another that he sits in it says nothing.
local function note_left(index, ref)
  if not ref.player then
    return
  end
  local key = index.sitter .. ref.player
  local known = redis.call("HMGET", key, "ticket", "seat")
  if known[1] == ref.ticket and tonumber(known[2]) == ref.seat then
    redis.call("DEL", key)
  end
end
