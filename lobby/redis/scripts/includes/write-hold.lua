--- Writes a hold. Its record outlives its due time, so that giving it back always finds what to give. The time is spelled
--- once a call: a number that Lua hands to Redis is spelled with 17 digits, which costs as much as a command.
local function write_hold(index, ticket, room, boot, fresh, generation, seats)
  local key = index.hold .. ticket
  index.kept_ms = index.kept_ms or string.format("%.0f", index.hold_ms + index.forgotten_ms)
  redis.call("HSET", key, "room", room, "boot", boot, "fresh", fresh, "generation", generation, "seats", seats)
  redis.call("PEXPIRE", key, index.kept_ms)
end
