--- The pause that stops a reservation, or nil; `mode` is nil where it is not known yet.
local function paused_by(index, compat, mode)
  local flags = mode and { "metro", "mode:" .. mode, "compat:" .. compat } or { "metro", "compat:" .. compat }
  for _, flag in ipairs(flags) do
    if index.fields["paused:" .. flag] then
      return flag
    end
  end
  return nil
end
