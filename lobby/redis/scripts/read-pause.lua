--[[
  read-pause: whether new reservations of the metro, a mode or a compat are stopped.
  KEYS   1 meta
  ARGV   1 flag (metro, mode:name, compat:name)
  REPLY  PAUSED | OPEN
  COST   O(1)
  RULES  LB9
]]
return redis.call("HEXISTS", KEYS[1], "paused:" .. ARGV[1]) == 1 and "PAUSED" or "OPEN"
