--[[
  replace-match: place a match again whose server let nobody of it in, or ended it because it leaves, as that server said itself;
  everybody of it who asks gets its seats in the same new room.
  KEYS   1 meta  2 holds  3 hold:  4 room:  5 open:  6 load:  7 listed:  8 wanted:
         9 code:  10 server:  11 server-rooms:  12 aborted:
  ARGV   1 lease_ms  2 heartbeat_ms  3 hold_ms  4 forgotten_ms  5 probes  6 failing_ms  7 failing_placements  8 metro
         9 replacements_max  10 tombstone_holds  11 match  12 refused_in  13 suffix  14 avoid (server ids by comma)
  REPLY  now_ms, rooms (room server boot mode capacity private code), then RESERVED room_at generation fresh roster why | UNREFUSED
         | SEATED | ABORTED mode why | GONE | PAUSED flag | NO_SERVER | CODE_TAKEN; why is CUT, REFUSED or empty
  COST   O(log rooms), and at most `probes` dead servers
  RULES  RP1 RP2 RP3 RP4 RP5 RP6 RP14 DR4 DR5
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
  lease_ms = tonumber(ARGV[1]),
  heartbeat_ms = tonumber(ARGV[2]),
  hold_ms = tonumber(ARGV[3]),
  forgotten_ms = tonumber(ARGV[4]),
  probes = tonumber(ARGV[5]),
  failing_ms = tonumber(ARGV[6]),
  failing_placements = tonumber(ARGV[7]),
  metro = ARGV[8],
  replacements_max = tonumber(ARGV[9]),
  tombstone_holds = tonumber(ARGV[10]),
  avoid = ARGV[14],
}
--- @include "clock"
--- @include "replace-one"
--- @include "flush-takings"
--- @include "flush-held"

clock(index)
index.due, index.rooms, index.room_at = {}, {}, {}
local reply = replace_one(index, ARGV[11], ARGV[12], ARGV[13])
flush_takings(index)
flush_held(index)
return { index.now, index.rooms, reply }
