--[[
  end-session: end a player's session record unless somebody newer owns it; its generation is kept.
  KEYS   1 session:
  ARGV   1 player  2 owner
  REPLY  ENDED | SUPERSEDED
  COST   O(1)
  RULES  LB18
]]
local key = KEYS[1] .. ARGV[1]
if redis.call("HGET", key, "owner") ~= ARGV[2] then
  return "SUPERSEDED"
end
redis.call("HSET", key, "owner", "")
return "ENDED"
