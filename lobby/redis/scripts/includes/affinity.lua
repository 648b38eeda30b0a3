--- Less than one seat: of rooms with equally many free seats the one on the less loaded server comes first. In 32nds, so
--- that sums stay exact.
local function affinity(load)
  return math.min(15, math.floor(load * 16)) / 32
end
