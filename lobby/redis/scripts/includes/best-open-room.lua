--- @include "open-key"
--- @include "server-of"
--- @include "is-avoided"
--- @include "live-server"

--- The open room with the least free seats that are enough, or nil. Vanished rooms and those of dead servers leave the
--- offer on the way, at most `index.probes` of them; they are not deleted: their server brings them back if it lives.
local function best_open_room(index, wanted)
  local open = open_key(index, wanted.mode, wanted.compat)
  local skipped = 0
  for _ = 1, index.probes do
    local id = redis.call("ZRANGEBYSCORE", open, wanted.seats, "+inf", "LIMIT", skipped, 1)[1]
    if not id then
      return nil
    end
    local server_id = server_of(id)
    if is_avoided(wanted, server_id) then
      skipped = skipped + 1
    else
      local fields = redis.call("HMGET", index.room .. id, "capacity", "boot")
      if fields[1] and live_server(index, server_id, fields[2]) then
        return {
          id = id,
          server = server_id,
          boot = fields[2],
          mode = wanted.mode,
          capacity = tonumber(fields[1]),
          private = "0",
          code = "",
          fresh = "0",
        }
      end
      redis.call("ZREM", open, id)
    end
  end
  return nil
end
