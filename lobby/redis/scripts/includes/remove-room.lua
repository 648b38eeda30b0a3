--- @include "unlist-room"
--- @include "server-of"

--- Forgets a room: its record, its places in offer and list, and its code.
local function remove_room(index, id)
  local fields = redis.call("HMGET", index.room .. id, "mode", "compat", "code")
  if not fields[1] then
    return
  end
  unlist_room(index, id, fields[1], fields[2])
  redis.call("DEL", index.room .. id)
  redis.call("SREM", index.server_rooms .. server_of(id), id)
  if fields[3] ~= "" and redis.call("GET", index.code .. fields[3]) == id then
    redis.call("DEL", index.code .. fields[3])
  end
end
