--- Lists a published room among those of its mode that take spectators, if it is for everybody to find.
local function show_watchable(index, report)
  local watchable = index.watchable .. report.mode
  if report.watch and report.watch.listed then
    redis.call("ZADD", watchable, 0, report.roomId)
    redis.call("PEXPIRE", watchable, 2 * index.forgotten_ms)
  else
    redis.call("ZREM", watchable, report.roomId)
  end
end
