--[[
  release-holds: give back the seats of one ticket that nobody has sat in.
  KEYS   1 meta  2 holds  3 hold:  4 room:  5 open:  6 listed:  7 code:  8 server:  9 server-rooms:
  ARGV   1 lease_ms  2 heartbeat_ms  3 ticket
  REPLY  RELEASED | SEATED | GONE
  COST   O(log rooms + log holds)
  RULES  LB8
]]
local index = {
  meta = KEYS[1],
  holds = KEYS[2],
  hold = KEYS[3],
  room = KEYS[4],
  open = KEYS[5],
  listed = KEYS[6],
  code = KEYS[7],
  server = KEYS[8],
  server_rooms = KEYS[9],
  lease_ms = tonumber(ARGV[1]),
  heartbeat_ms = tonumber(ARGV[2]),
}
--- @include "clock"
--- @include "read-hold"
--- @include "drop-hold"
--- @include "flush-held"

clock(index)
local hold = read_hold(index, ARGV[3])
if not hold then
  return "GONE"
end
if count_seats(hold.seats, "s") > 0 then
  return "SEATED"
end
drop_hold(index, hold)
flush_held(index)
return "RELEASED"
