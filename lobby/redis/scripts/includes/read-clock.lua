--- @include "now-ms"

--- Reads the clock, the gap counter and the pauses into `index`; answers when the index was last asked anything.
local function read_clock(index)
  local flat = redis.call("HGETALL", index.meta)
  local fields = {}
  for i = 1, #flat, 2 do
    fields[flat[i]] = flat[i + 1]
  end
  index.now = now_ms()
  index.fields = fields
  index.gap = tonumber(fields.gap) or 0
  index.gap_at = tonumber(fields.gapAt) or 0
  index.servers = {}
  index.held = {}
  return tonumber(fields.clock)
end
