--- @include "least-loaded"
--- @include "affinity"
--- @include "count-placement"

--- Makes a room's record on the least loaded server, with nobody in it. `fresh` begins with the end of its id; the code that
--- it gets if it is private follows. A match's room is private without a code. Answers the room, or nil and the reply that says
--- why not.
local function new_room(index, wanted, fresh)
  if wanted.seats > wanted.fresh_seats then
    return nil, { "ROOM_FULL" }
  end
  local load = index.load .. wanted.mode .. ":" .. wanted.compat
  local server = least_loaded(index, wanted, load)
  if not server then
    return nil, { "NO_SERVER" }
  end
  local id = index.metro .. "_" .. server.id .. "_" .. string.match(fresh, "^%w+")
  local match = wanted.kind == "match" and 1 or 0
  local private = wanted.kind == "private" and 1 or match
  local code = wanted.kind == "private" and string.match(fresh, " (.*)$") or ""
  local key = index.room .. id
  if redis.call("EXISTS", key) == 1 or (code ~= "" and redis.call("EXISTS", index.code .. code) == 1) then
    return nil, { "CODE_TAKEN" }
  end
  count_placement(index, server, wanted.mode)
  redis.call(
    "HSET", key, "mode", wanted.mode, "compat", wanted.compat, "boot", server.boot, "capacity", wanted.fresh_seats,
    "seated", 0, "held", 0, "locked", 0, "private", private, "code", code, "metadata", "null",
    "match", match, "wanted", "", "confirmed", 0, "gap", index.gap
  )
  redis.call("PEXPIRE", key, index.forgotten_ms)
  redis.call("SADD", index.server_rooms .. server.id, id)
  redis.call("PEXPIRE", index.server_rooms .. server.id, 2 * index.forgotten_ms)
  if code ~= "" then
    redis.call("SET", index.code .. code, id, "PX", index.forgotten_ms)
  end
  if private == 0 then
    redis.call("ZADD", wanted.open, wanted.fresh_seats + affinity(server.load), id)
    redis.call("PEXPIRE", wanted.open, 2 * index.forgotten_ms)
  end
  redis.call("ZINCRBY", load, wanted.fresh_seats / server.seats_max, server.id)
  return {
    id = id, server = server.id, boot = server.boot, mode = wanted.mode, capacity = wanted.fresh_seats,
    private = private, code = code, fresh = "1",
  }
end
