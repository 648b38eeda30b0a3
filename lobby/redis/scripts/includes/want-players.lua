--- Lists a room among those of its mode that want players, or no longer; `known` is what it wanted before.
local function want_players(index, room, wanted, known)
  local wanting = index.wanted .. room.mode
  if wanted ~= "" then
    redis.call("ZADD", wanting, 0, room.roomId)
    redis.call("PEXPIRE", wanting, 2 * index.forgotten_ms)
  elseif known and known ~= "" then
    redis.call("ZREM", wanting, room.roomId)
  end
end
