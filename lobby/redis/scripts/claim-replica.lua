--[[
  claim-replica: take, renew or leave a place in the metro's replica set. Each change of the set is a new epoch above all that
  anybody ever saw; a claimant that saw a higher one than the index knows proves that the index has forgotten: a change, too.
  KEYS   1 meta  2 replicas
  ARGV   1 lease_ms  2 heartbeat_ms  3 forgotten_ms  4 replicas_max  5 replica  6 seen_epoch  7 leave (1 or 0)
  REPLY  REPLICAS now_ms epoch member…
  COST   O(replicas)
  RULES  LM11 LM12 LM13 LM14
]]
local index = {
  meta = KEYS[1],
  lease_ms = tonumber(ARGV[1]),
  heartbeat_ms = tonumber(ARGV[2]),
}
--- @include "clock"
--- @include "is-live"

clock(index)
local own, is_member, is_changed = ARGV[5], false, false
local reply = { "REPLICAS", index.now, 0 }
local leases = redis.call("HGETALL", KEYS[2])
for i = 1, #leases, 2 do
  local name = leases[i]
  local ends, gap = string.match(leases[i + 1], "^(%d+) (%d+)$")
  local leaves = name == own and ARGV[7] == "1"
  if leaves or not ends or not is_live(index, { lease_until = tonumber(ends), lease_gap = tonumber(gap) }) then
    redis.call("HDEL", KEYS[2], name)
    is_changed = true
  else
    reply[#reply + 1] = name
    is_member = is_member or name == own
  end
end
if ARGV[7] ~= "1" and (is_member or #reply - 3 < tonumber(ARGV[4])) then
  redis.call("HSET", KEYS[2], own, string.format("%.0f %d", index.now + index.lease_ms, index.gap))
  redis.call("PEXPIRE", KEYS[2], 2 * tonumber(ARGV[3]))
  if not is_member then
    reply[#reply + 1] = own
    is_changed = true
  end
end
local epoch, seen = tonumber(index.fields.epoch) or 0, tonumber(ARGV[6])
if is_changed or seen > epoch then
  epoch = math.max(epoch, seen) + 1
  redis.call("HSET", index.meta, "epoch", string.format("%.0f", epoch))
end
reply[3] = epoch
return reply
