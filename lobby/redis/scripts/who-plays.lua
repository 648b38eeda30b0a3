--[[
  who-plays: which of a list of signed-in players sit in a match that goes on.
  KEYS   1 meta  2 hold:  3 room:  4 server:  5 playing:
  ARGV   1 lease_ms
         2+ per player: player
  REPLY  per player who does: player seq (of the last heartbeat of the server that says so; 0: it has not since a gap)
  COST   O(players)
  RULES  LM20
]]
local index = {
  meta = KEYS[1],
  hold = KEYS[2],
  room = KEYS[3],
  server = KEYS[4],
  lease_ms = tonumber(ARGV[1]),
}
--- @include "read-clock"
--- @include "plays-on"

read_clock(index)
local reply = {}
for at = 2, #ARGV do
  local said = redis.call("GET", KEYS[5] .. ARGV[at])
  local playing = said and plays_on(index, said)
  if playing then
    local seq = playing.is_sure and redis.call("HGET", index.server .. playing.server.id, "seq")
    reply[#reply + 1] = { ARGV[at], tonumber(seq or 0) }
  end
end
return reply
