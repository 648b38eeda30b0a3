--[[
  reserve-seats: hold seats for each of a list of tickets, all of a ticket's seats in one room or none; a ticket that has its
  seats already is answered with them. One reservation that fails leaves the others alone.
  KEYS   1 meta  2 holds  3 hold:  4 room:  5 open:  6 load:  7 listed:  8 wanted:
         9 code:  10 server:  11 server-rooms:  12 aborted:  13 playing:
  ARGV   1 lease_ms  2 heartbeat_ms  3 hold_ms  4 forgotten_ms  5 probes  6 failing_ms  7 failing_placements  8 metro
         9+ per reservation: ticket, wish (seats compat kind fresh_seats avoid subject), fresh (suffix code; of a match suffix
         not_after_ms players, and on a line of its own the roster; players is JSON)
  REPLY  now_ms, rooms (room server boot mode capacity private code), then per reservation: RESERVED room_at generation fresh
         | PAUSED flag | NO_SERVER | ROOM_GONE | ROOM_FULL | ROOM_LOCKED | CODE_UNKNOWN | CODE_TAKEN | EXPIRED | ABORTED
         | SEATED player… | FAILED why. kind is best open new private room code match backfill; subject its mode, room id or code; avoid server
         ids by comma; room_at from 1
  COST   O(log rooms) a reservation, of a match O(players) and one read more for all of them, and at most `probes` dead rooms or servers; once a call O(probes + 2 a reservation)
         holds that have run out
  RULES  LB1 LB2 LB3 LB4 LB5 LB6 LB7 LB8 LB9 LM1 LM2 LM3 LM9 LM20 LM21 RP6
]]
local index = {
  meta = KEYS[1],
  holds = KEYS[2],
  hold = KEYS[3],
  room = KEYS[4],
  open = KEYS[5],
  load = KEYS[6],
  listed = KEYS[7],
  wanted = KEYS[8],
  code = KEYS[9],
  server = KEYS[10],
  server_rooms = KEYS[11],
  aborted = KEYS[12],
  playing = KEYS[13],
  lease_ms = tonumber(ARGV[1]),
  heartbeat_ms = tonumber(ARGV[2]),
  hold_ms = tonumber(ARGV[3]),
  forgotten_ms = tonumber(ARGV[4]),
  probes = tonumber(ARGV[5]),
  failing_ms = tonumber(ARGV[6]),
  failing_placements = tonumber(ARGV[7]),
  metro = ARGV[8],
}
--- @include "clock"
--- @include "sweep-holds"
--- @include "reserve-one"
--- @include "flush-takings"
--- @include "flush-held"

local FIRST, WIDTH = 9, 3
clock(index)
sweep_holds(index, index.probes + 2 * (#ARGV - FIRST + 1) / WIDTH)
index.wishes, index.due, index.rooms, index.room_at = {}, {}, {}, {}
local replies = { index.now, index.rooms }
for at = FIRST, #ARGV, WIDTH do
  local ok, reply = pcall(reserve_one, index, ARGV[at], ARGV[at + 1], ARGV[at + 2])
  replies[#replies + 1] = ok and reply or { "FAILED", type(reply) == "table" and reply.err or tostring(reply) }
end
flush_takings(index)
flush_held(index)
return replies
