--- Has the ticket's hold run out one hold lifetime from now; written with all others of this call.
local function due_later(index, ticket)
  local due = index.due
  index.due_at = index.due_at or string.format("%.0f", index.now + index.hold_ms)
  due[#due + 1] = index.due_at
  due[#due + 1] = ticket
end
