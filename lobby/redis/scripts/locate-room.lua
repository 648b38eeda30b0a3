--[[
  locate-room: the mode of a room and the boot of its server.
  KEYS   1 room:
  ARGV   1 room
  REPLY  ROOM mode boot | GONE
  COST   O(1)
  RULES  LB26
]]
local fields = redis.call("HMGET", KEYS[1] .. ARGV[1], "mode", "boot")
if not fields[1] then
  return { "GONE" }
end
return { "ROOM", fields[1], fields[2] }
