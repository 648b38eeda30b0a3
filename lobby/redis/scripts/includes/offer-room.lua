--- @include "open-key"
--- @include "affinity"

--- Puts a published room where it belongs: listed if it is public, offered if it may also take reservations.
local function offer_room(index, room, is_public, is_offered, free, load)
  local open, listed = open_key(index, room.mode, room.compat), index.listed .. room.mode
  if is_public then
    redis.call("ZADD", listed, 0, room.roomId)
    redis.call("PEXPIRE", listed, 2 * index.forgotten_ms)
  else
    redis.call("ZREM", listed, room.roomId)
  end
  if is_public and is_offered then
    redis.call("ZADD", open, free + affinity(load), room.roomId)
    redis.call("PEXPIRE", open, 2 * index.forgotten_ms)
  else
    redis.call("ZREM", open, room.roomId)
  end
end
