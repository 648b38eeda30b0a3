--[[
  heartbeat: keep a server's lease, take over the rooms that it publishes, and settle the seats that were sat in or left.
  KEYS   1 meta  2 holds  3 hold:  4 room:  5 open:  6 load:  7 listed:  8 wanted:
         9 code:  10 server:  11 server-rooms:  12 sitter:  13 watchable:
         14 playing:
  ARGV   1 lease_ms  2 heartbeat_ms  3 hold_ms  4 forgotten_ms  5 probes  6 failing_ms  7 server  8 boot  9 seq
         10 beat (JSON: load, complete, rooms, sat, left, refused, cut, closed, leavesInMs, retire, gone)
  REPLY  ALIVE now_ms republish_in_ms draining retired… | UNKNOWN_SERVER now_ms | STALE now_ms
  COST   O((rooms + seats) log rooms), and at most 4 x `probes` holds that have run out
  RULES  LB8 LB10 LB12 LB13 LB15 LB16 RP1 RP6 DR3 DR4 RS5 SP5 LM20
]]
local index = {
  meta = KEYS[1], holds = KEYS[2], hold = KEYS[3], room = KEYS[4], open = KEYS[5], load = KEYS[6], listed = KEYS[7],
  wanted = KEYS[8], code = KEYS[9], server = KEYS[10], server_rooms = KEYS[11], sitter = KEYS[12],
  watchable = KEYS[13], playing = KEYS[14],
  lease_ms = tonumber(ARGV[1]),
  heartbeat_ms = tonumber(ARGV[2]),
  hold_ms = tonumber(ARGV[3]),
  forgotten_ms = tonumber(ARGV[4]),
  failing_ms = tonumber(ARGV[6]),
}
--- @include "clock"
--- @include "sweep-holds"
--- @include "sit-down"
--- @include "leave-seat"
--- @include "hear-refusals"
--- @include "apply-report"
--- @include "retire-room"
--- @include "live-server"
--- @include "flush-held"
--- @include "renew-lease"
--- @include "republish-in"

clock(index)
sweep_holds(index, 4 * tonumber(ARGV[5]))
local id, boot, seq, beat = ARGV[7], ARGV[8], tonumber(ARGV[9]), cjson.decode(ARGV[10])
local key = index.server .. id
local server = read_server(index, id)
flush_held(index)
if not server then
  return { "UNKNOWN_SERVER", index.now }
end
if server.boot ~= boot or seq <= tonumber(redis.call("HGET", key, "seq")) then
  return { "STALE", index.now }
end
if not is_live(index, server) then
  redis.call("HSET", key, "missing", 1)
end
redis.call("HSET", key, "seq", seq, "load", beat.load)
if beat.leavesInMs then
  redis.call("HSET", key, "leavesAt", index.now + beat.leavesInMs)
end
server.load = beat.load
for _, ref in ipairs(beat.sat) do
  sit_down(index, id, boot, ref)
end
for _, ref in ipairs(beat.left) do
  leave_seat(index, id, boot, ref)
end
hear_refusals(index, server, beat)
for _, report in ipairs(beat.rooms) do
  apply_report(index, server, report)
end
for _, room in ipairs(beat.gone) do
  remove_room(index, room)
end
local reply = { "ALIVE", index.now, 0, server.draining and 1 or 0 }
for _, room in ipairs(beat.retire) do
  if retire_room(index, room) then
    reply[#reply + 1] = room
  end
end
flush_held(index)
renew_lease(index, id)
reply[3] = republish_in(index, key, beat.complete)
return reply
