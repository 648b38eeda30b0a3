--- Shows the server's load, with the seats that are promised on it, to those who look for a place for a new room.
local function write_load(index, id, score)
  for pair in string.gmatch(redis.call("HGET", index.server .. id, "pairs"), "[^ ]+") do
    redis.call("ZADD", index.load .. pair, score, id)
    redis.call("PEXPIRE", index.load .. pair, 2 * index.forgotten_ms)
  end
end
