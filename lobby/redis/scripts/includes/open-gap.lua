--- It was the store that was away, not the servers: for one lease nobody is taken for dead and no hold runs out. The open
--- zsets are named after the gap counter, so all rooms from before leave the offer at once, and for nothing.
local function open_gap(index)
  index.gap = index.gap + 1
  index.gap_at = index.now
  redis.call("HSET", index.meta, "clock", index.now, "gap", index.gap, "gapAt", index.now)
end
