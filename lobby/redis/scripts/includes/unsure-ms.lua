--- How long until every server that lives has published everything since the last gap: they begin when all holds from before it
--- have run out, and one that lives has done so a lease later.
local function unsure_ms(index)
  return index.gap_at + index.hold_ms + index.lease_ms - index.now
end
