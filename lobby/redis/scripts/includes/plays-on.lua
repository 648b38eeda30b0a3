--- @include "server-of"
--- @include "read-hold"
--- @include "live-server"

--- The server on which a player sits in the match that `said` names, while that goes on: the room is there, its result is not, and
--- its server lives and has not cut it. Else nil. Of who plays match after match one read tells that the last one is over.
local function plays_on(index, said)
  local seat, room, ticket = string.match(said, "^(%d+) (%S+) (.*)$")
  local fields = redis.call("HMGET", index.room .. room, "boot", "finished")
  local server = fields[1] and fields[2] ~= "1" and live_server(index, server_of(room), fields[1])
  local hold = server and read_hold(index, ticket)
  if not hold or hold.room ~= room or string.sub(hold.seats, seat + 1, seat + 1) ~= "s" then
    return nil
  end
  return redis.call("HGET", index.hold .. ticket, "cut") ~= "1" and server or nil, room
end
