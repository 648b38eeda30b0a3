--- Writes what reservations of this call took from the room that is being filled, and when their holds run out: once for
--- all of them. Whatever looks at rooms or holds in another way calls it first.
local function flush_takings(index)
  local fill = index.fill
  if fill and fill.taken > 0 then
    redis.call("HINCRBY", index.room .. fill.room.id, "held", fill.taken)
    redis.call("ZADD", fill.open, "XX", "INCR", -fill.taken, fill.room.id)
  end
  if index.due[1] then
    redis.call("ZADD", index.holds, unpack(index.due))
    redis.call("PEXPIRE", index.holds, 2 * index.forgotten_ms)
  end
  index.fill = nil
  index.due = {}
end
