--- Takes a server out of the choice for new rooms.
local function withdraw_server(index, id)
  for pair in string.gmatch(redis.call("HGET", index.server .. id, "pairs") or "", "[^ ]+") do
    redis.call("ZREM", index.load .. pair, id)
  end
end
