--[[
  settle-match: how each of a list of matches ended: with its seats, one generation higher; or without, and then a later
  reservation for it fails.
  KEYS   1 meta  2 holds  3 hold:  4 room:  5 open:  6 listed:  7 wanted:  8 code:
         9 server:  10 server-rooms:  11 aborted:
  ARGV   1 lease_ms  2 heartbeat_ms  3 hold_ms  4 forgotten_ms  5 probes  6 tombstone_holds
         7+ per match: match
  REPLY  now_ms, rooms (room server boot mode capacity private code), then per match: RESERVED room_at generation fresh roster
         | ABORTED | WAIT retry_in_ms | FAILED why
  COST   O(log holds) a match; once a call O(probes + 2 a match) holds that have run out
  RULES  LM4 LM5 LM6 LM7
]]
local index = {
  meta = KEYS[1],
  holds = KEYS[2],
  hold = KEYS[3],
  room = KEYS[4],
  open = KEYS[5],
  listed = KEYS[6],
  wanted = KEYS[7],
  code = KEYS[8],
  server = KEYS[9],
  server_rooms = KEYS[10],
  aborted = KEYS[11],
  lease_ms = tonumber(ARGV[1]),
  heartbeat_ms = tonumber(ARGV[2]),
  hold_ms = tonumber(ARGV[3]),
  forgotten_ms = tonumber(ARGV[4]),
  probes = tonumber(ARGV[5]),
  tombstone_holds = tonumber(ARGV[6]),
}
--- @include "clock"
--- @include "sweep-holds"
--- @include "settle-one"
--- @include "flush-takings"
--- @include "flush-held"

local FIRST = 7
clock(index)
sweep_holds(index, index.probes + 2 * (#ARGV - FIRST + 1))
index.due, index.rooms, index.room_at = {}, {}, {}
local replies = { index.now, index.rooms }
for at = FIRST, #ARGV do
  local ok, reply = pcall(settle_one, index, ARGV[at])
  replies[#replies + 1] = ok and reply or { "FAILED", type(reply) == "table" and reply.err or tostring(reply) }
end
flush_takings(index)
flush_held(index)
return replies
