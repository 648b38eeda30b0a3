--- Whether a reservation must not use the server.
local function is_avoided(wanted, server_id)
  return wanted.avoid ~= "" and string.find("," .. wanted.avoid .. ",", "," .. server_id .. ",", 1, true) ~= nil
end
