--[[
  who-plays: which of a list of signed-in players sit in a match that goes on.
  KEYS   1 meta  2 hold:  3 room:  4 server:  5 playing:
  ARGV   1 lease_ms
         2+ per player: player
  REPLY  per player who does: player seq (of the last heartbeat of the server that says so)
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
  local server = said and plays_on(index, said)
  if server then
    reply[#reply + 1] = { ARGV[at], tonumber(redis.call("HGET", index.server .. server.id, "seq")) }
  end
end
return reply
