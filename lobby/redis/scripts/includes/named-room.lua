--- @include "server-of"
--- @include "paused-by"
--- @include "live-server"
--- @include "is-avoided"

--- The room `id` if it takes the wanted seats; else nil and the reply that says why not.
local function named_room(index, wanted, id)
  local fields = redis.call(
    "HMGET", index.room .. id, "mode", "compat", "boot", "capacity", "seated", "held", "locked", "gap", "private", "code",
    "match"
  )
  local flag = paused_by(index, wanted.compat, fields[1] or nil)
  if flag then
    return nil, { "PAUSED", flag }
  end
  local server = fields[1] and live_server(index, server_of(id), fields[3])
  if not server or fields[2] ~= wanted.compat or is_avoided(wanted, server.id) then
    return nil, { "ROOM_GONE" }
  end
  local is_anothers = fields[11] == "1" and not wanted.of_match
  if fields[7] == "1" or server.draining or is_anothers then
    return nil, { "ROOM_LOCKED" }
  end
  local capacity = tonumber(fields[4])
  -- A room from before a gap: some of its holds may have been lost.
  local unsure = tonumber(fields[8]) ~= index.gap
  if unsure or capacity - tonumber(fields[5]) - tonumber(fields[6]) < wanted.seats then
    return nil, { "ROOM_FULL" }
  end
  return {
    id = id, server = server.id, boot = server.boot, mode = fields[1], capacity = capacity,
    private = fields[9], code = fields[10], fresh = "0",
  }
end
