--[[
  reserve-seats: hold seats for each of a list of tickets, all of a ticket's seats in one room or none; a ticket that has its
  seats already is answered with them. One reservation that fails leaves the others alone.
  KEYS   1 meta  2 holds  3 hold:  4 room:  5 open:  6 load:  7 listed:  8 code:  9 server:  10 server-rooms:
  ARGV   1 lease_ms  2 heartbeat_ms  3 hold_ms  4 forgotten_ms  5 probes  6 metro
         7+ per reservation: ticket, seats, compat, kind (best open new private room code), subject (mode, room id or code),
         fresh_seats, suffix, fresh_code, avoid (server ids, by comma)
  REPLY  now_ms, then per reservation: RESERVED room server boot mode generation fresh capacity private code
         | PAUSED flag | NO_SERVER | ROOM_GONE | ROOM_FULL | ROOM_LOCKED | CODE_UNKNOWN | CODE_TAKEN | FAILED why
  COST   O(log rooms) a reservation, and at most `probes` dead rooms or servers; once a call O(probes + 2 a reservation)
         holds that have run out
  RULES  LB1 LB2 LB3 LB4 LB5 LB6 LB7 LB8 LB9
]]
local index = {
  meta = KEYS[1],
  holds = KEYS[2],
  hold = KEYS[3],
  room = KEYS[4],
  open = KEYS[5],
  load = KEYS[6],
  listed = KEYS[7],
  code = KEYS[8],
  server = KEYS[9],
  server_rooms = KEYS[10],
  lease_ms = tonumber(ARGV[1]),
  heartbeat_ms = tonumber(ARGV[2]),
  hold_ms = tonumber(ARGV[3]),
  forgotten_ms = tonumber(ARGV[4]),
  probes = tonumber(ARGV[5]),
  metro = ARGV[6],
}
--- @include "clock"
--- @include "sweep-holds"
--- @include "reserve-one"
--- @include "flush-takings"
--- @include "flush-held"

local FIRST, WIDTH = 7, 9
clock(index)
sweep_holds(index, index.probes + 2 * (#ARGV - FIRST + 1) / WIDTH)
index.due = {}
local replies = { index.now }
for at = FIRST, #ARGV, WIDTH do
  local ok, reply = pcall(reserve_one, index, {
    ticket = ARGV[at],
    seats = tonumber(ARGV[at + 1]),
    compat = ARGV[at + 2],
    kind = ARGV[at + 3],
    subject = ARGV[at + 4],
    fresh_seats = tonumber(ARGV[at + 5]),
    suffix = ARGV[at + 6],
    fresh_code = ARGV[at + 7],
    avoid = ARGV[at + 8],
  })
  replies[#replies + 1] = ok and reply or { "FAILED", type(reply) == "table" and reply.err or tostring(reply) }
end
flush_takings(index)
flush_held(index)
return replies
