--- Whether every hold from before the last gap has run out.
local function is_settled(index)
  return index.now >= index.gap_at + index.hold_ms
end
