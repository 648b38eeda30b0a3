--[[
  seat-of-player: where a signed-in player sits, one generation higher.
  KEYS   1 meta  2 hold:  3 room:  4 server:  5 sitter:
  ARGV   1 lease_ms  2 heartbeat_ms  3 hold_ms  4 player
  REPLY  SITS now_ms ticket seat team (or empty) room boot mode generation fresh capacity private code | GONE
         | WAIT retry_in_ms
  COST   O(1)
  RULES  RS5
]]
local index = {
  meta = KEYS[1],
  hold = KEYS[2],
  room = KEYS[3],
  server = KEYS[4],
  sitter = KEYS[5],
  lease_ms = tonumber(ARGV[1]),
  heartbeat_ms = tonumber(ARGV[2]),
  hold_ms = tonumber(ARGV[3]),
}
--- @include "clock"
--- @include "read-hold"
--- @include "live-server"
--- @include "unsure-ms"

clock(index)
local key = index.sitter .. ARGV[4]
local sitter = redis.call("HMGET", key, "ticket", "seat", "team")
local hold = sitter[1] and read_hold(index, sitter[1])
local seat = tonumber(sitter[2] or nil)
local room = hold and redis.call("HMGET", index.room .. hold.room, "mode", "capacity", "private", "code")
local sits = room and room[1] and string.sub(hold.seats, seat + 1, seat + 1) == "s"
if not sits or not live_server(index, hold.server, hold.boot) then
  -- What a server says of another seat counts from now on.
  redis.call("DEL", key)
  local retry_in = unsure_ms(index)
  if retry_in > 0 then
    return { "WAIT", retry_in }
  end
  return { "GONE" }
end
local generation = redis.call("HINCRBY", index.hold .. hold.ticket, "generation", 1)
return {
  "SITS", index.now, hold.ticket, seat, sitter[3], hold.room, hold.boot, room[1], generation, tonumber(hold.fresh),
  tonumber(room[2]), tonumber(room[3]), room[4],
}
