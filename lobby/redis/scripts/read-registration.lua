--[[
  read-registration: a server's registration, as it was signed.
  KEYS   1 server:
  ARGV   1 server
  REPLY  REGISTRATION text key signature | GONE
  COST   O(1)
  RULES  LB13
]]
local fields = redis.call("HMGET", KEYS[1] .. ARGV[1], "text", "key", "signature")
if not fields[1] then
  return { "GONE" }
end
return { "REGISTRATION", fields[1], fields[2], fields[3] }
