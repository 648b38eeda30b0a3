--- Whether the last gap is so recent that silence proves nothing.
local function in_grace(index)
  return index.now < index.gap_at + index.lease_ms
end
