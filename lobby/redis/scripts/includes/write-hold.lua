--- Writes a hold. Its record outlives its due time, so that giving it back always finds what to give.
local function write_hold(index, hold)
  local key = index.hold .. hold.ticket
  redis.call(
    "HSET", key, "room", hold.room, "server", hold.server, "boot", hold.boot,
    "fresh", hold.fresh, "generation", hold.generation, "seats", hold.seats
  )
  redis.call("PEXPIRE", key, index.hold_ms + index.forgotten_ms)
end
