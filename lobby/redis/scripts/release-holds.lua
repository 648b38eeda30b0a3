--[[
  release-holds: give back the seats of each of a list of tickets, unless somebody has sat in one of that ticket's; or only
  those of them that are named.
  KEYS   1 meta  2 holds  3 hold:  4 room:  5 open:  6 listed:  7 wanted:  8 code:  9 server:  10 server-rooms:
  ARGV   1 lease_ms  2 heartbeat_ms
         3+ per hold: ticket, seats (all; or numbers by comma)
  REPLY  per hold: RELEASED | SEATED | GONE | FAILED
  COST   O(log rooms + log holds) a ticket
  RULES  LB8 LM8
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
  lease_ms = tonumber(ARGV[1]),
  heartbeat_ms = tonumber(ARGV[2]),
}
--- @include "clock"
--- @include "read-hold"
--- @include "drop-hold"
--- @include "release-some"
--- @include "flush-held"

local function release(ticket, seats)
  local hold = read_hold(index, ticket)
  if not hold then
    return "GONE"
  end
  if seats ~= "all" then
    return release_some(index, hold, seats)
  end
  if count_seats(hold.seats, "s") > 0 then
    return "SEATED"
  end
  drop_hold(index, hold)
  return "RELEASED"
end

local FIRST, WIDTH = 3, 2
clock(index)
local replies = {}
for at = FIRST, #ARGV, WIDTH do
  local ok, reply = pcall(release, ARGV[at], ARGV[at + 1])
  replies[#replies + 1] = ok and reply or "FAILED"
end
flush_held(index)
return replies
