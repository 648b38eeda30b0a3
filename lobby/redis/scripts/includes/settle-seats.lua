--- @include "read-server"
--- @include "remove-room"

--- Takes `seats` off what is held on the hold's room and server; `is_free` says whether they are free again or sat in.
--- A room that its server never confirmed ends with its last hold, unless somebody sits there.
local function settle_seats(index, hold, seats, is_free)
  if seats == 0 then
    return
  end
  local server = read_server(index, hold.server)
  if server and server.boot == hold.boot then
    index.held[server.id] = (index.held[server.id] or 0) - seats
  end
  local key = index.room .. hold.room
  local fields = redis.call("HMGET", key, "held", "confirmed", "mode", "compat", "seated")
  if not fields[1] then
    return
  end
  local held = tonumber(fields[1])
  local settled = math.min(seats, held)
  redis.call("HSET", key, "held", held - settled)
  if not is_free then
    redis.call("HINCRBY", key, "seated", settled)
  elseif held == settled and fields[2] ~= "1" and tonumber(fields[5]) <= 0 then
    remove_room(index, hold.room)
  else
    redis.call("ZADD", open_key(index, fields[3], fields[4]), "XX", "INCR", settled, hold.room)
  end
end
