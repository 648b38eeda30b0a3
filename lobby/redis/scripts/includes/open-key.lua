--- The open rooms of a mode and compat since the last gap.
local function open_key(index, mode, compat)
  return index.open .. index.gap .. ":" .. mode .. ":" .. compat
end
