--[[
  claim-session: make an owner the only session of a player, unless the present one opened later; the earlier owner is told
  on the channel. The generation only goes up: never below the clock, so that a forgotten record's next one is still higher.
  KEYS   1 session:  2 superseded
  ARGV   1 session_forgotten_ms  2 player  3 owner  4 age_ms (how long ago the session opened)
  REPLY  CLAIMED generation | SUPERSEDED generation
  COST   O(1)
  RULES  LB18
]]
--- @include "now-ms"

local key = KEYS[1] .. ARGV[2]
local fields = redis.call("HMGET", key, "owner", "generation", "since")
local earlier, generation = fields[1] or "", tonumber(fields[2]) or 0
if earlier ~= ARGV[3] then
  local now = now_ms()
  local since = now - tonumber(ARGV[4])
  if earlier ~= "" and since < (tonumber(fields[3]) or 0) then
    return { "SUPERSEDED", generation }
  end
  generation = math.max(generation + 1, now)
  redis.call("HSET", key, "owner", ARGV[3], "generation", generation, "since", since)
  if earlier ~= "" then
    redis.call("PUBLISH", KEYS[2], cjson.encode({ player = ARGV[2], owner = earlier }))
  end
end
redis.call("PEXPIRE", key, ARGV[1])
return { "CLAIMED", generation }
