--[[
  set-pause: stop or allow new reservations of the metro, a mode or a compat.
  KEYS   1 meta
  ARGV   1 flag (metro, mode:name, compat:name)  2 paused (1 or 0)
  REPLY  PAUSED | OPEN
  COST   O(1)
  RULES  LB9
]]
local field = "paused:" .. ARGV[1]
if ARGV[2] == "1" then
  redis.call("HSET", KEYS[1], field, 1)
  return "PAUSED"
end
redis.call("HDEL", KEYS[1], field)
return "OPEN"
