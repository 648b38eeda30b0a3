--[[
  done-reports: somebody is done with these match results; their matches stay known, so that a repeat is noticed.
  KEYS   1 reports  2 report:
  ARGV   1 report_kept_ms
         2+ per report: match
  REPLY  DONE
  COST   O(log reports) each
  RULES  LM15
]]
for at = 2, #ARGV do
  redis.call("ZREM", KEYS[1], ARGV[at])
  redis.call("SET", KEYS[2] .. ARGV[at], "", "XX", "PX", ARGV[1])
end
return "DONE"
