--- @include "failing-mode"

--- Whether a server may be given a new room of a mode: a failing one has had few of them.
local function may_take_room(index, server, mode)
  local _, placements = failing_mode(index, server, mode)
  return (placements or 0) < index.failing_placements
end
