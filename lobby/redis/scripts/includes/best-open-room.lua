--- @include "server-of"
--- @include "is-avoided"
--- @include "live-server"
--- @include "flush-takings"

--- Finds the open room with the least free seats that are enough and makes it the one that is being filled: it stays the
--- best for equally large reservations until it has too few, so they need not look again (unless a better one was
--- skipped, because it is on a server to be avoided). Nil where there is none. Vanished
--- rooms and those of dead servers leave the offer on the way, at most `index.probes` of them; they are not deleted: their
--- server brings them back if it lives.
local function best_open_room(index, wanted)
  local open = wanted.open
  local fill = index.fill
  local fits = fill and fill.open == open and fill.seats == wanted.seats and fill.free >= wanted.seats
  if fits and fill.is_best and wanted.avoid == "" then
    return fill
  end
  flush_takings(index)
  local skipped = 0
  for _ = 1, index.probes do
    local found = redis.call("ZRANGEBYSCORE", open, wanted.seats, "+inf", "WITHSCORES", "LIMIT", skipped, 1)
    local id = found[1]
    if not id then
      return nil
    end
    local server_id = server_of(id)
    if is_avoided(wanted, server_id) then
      skipped = skipped + 1
    else
      local fields = redis.call("HMGET", index.room .. id, "capacity", "boot")
      if fields[1] and live_server(index, server_id, fields[2]) then
        local room = { id = id, server = server_id, boot = fields[2], mode = wanted.mode, capacity = tonumber(fields[1]) }
        room.private, room.code, room.fresh = "0", "", "0"
        index.fill = { open = open, seats = wanted.seats, free = tonumber(found[2]), taken = 0, room = room }
        index.fill.is_best = skipped == 0
        return index.fill
      end
      redis.call("ZREM", open, id)
    end
  end
  return nil
end
