--- @include "in-grace"

--- Whether a server's lease holds; one from before a gap is worth one lease of grace.
local function is_live(index, server)
  if server.lease_gap == index.gap then
    return index.now < server.lease_until
  end
  return in_grace(index)
end
