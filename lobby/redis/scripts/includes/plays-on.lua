--- @include "server-of"
--- @include "read-hold"
--- @include "live-server"

--- Server and room of the match that `said` names, while a player sits in it and it goes on: the room is there, its result is not,
--- and its server lives and has not cut it; else nil. `is_sure`: said since the last gap. What is from before one may have been taken
--- back meanwhile, and is not true once the server has said everything again without it. Of who plays match after match one read
--- tells that the last one is over.
local function plays_on(index, said)
  local gap, seat, room, ticket = string.match(said, "^(%d+) (%d+) (%S+) (.*)$")
  local fields = redis.call("HMGET", index.room .. room, "boot", "finished")
  local server = fields[1] and fields[2] ~= "1" and live_server(index, server_of(room), fields[1])
  local hold = server and read_hold(index, ticket)
  if not hold or hold.room ~= room or string.sub(hold.seats, seat + 1, seat + 1) ~= "s" then
    return nil
  end
  local is_sure = tonumber(gap) == index.gap
  local is_over = redis.call("HGET", index.hold .. ticket, "cut") == "1"
    or not is_sure and tonumber(redis.call("HGET", index.server .. server.id, "settledGap")) == index.gap
  return not is_over and { server = server, room = room, is_sure = is_sure } or nil
end
