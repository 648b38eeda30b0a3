--- @include "read-hold"
--- @include "settle-seats"
--- @include "keep-seats"
--- @include "note-left"
--- @include "note-played"

--- A place is left for good, says its server; the hold ends with its last seat.
local function leave_seat(index, id, boot, ref)
  local hold = read_hold(index, ref.ticket)
  if not hold or hold.server ~= id or hold.boot ~= boot or ref.seat >= #hold.seats then
    return
  end
  note_left(index, ref)
  note_played(index, hold, ref)
  if string.sub(hold.seats, ref.seat + 1, ref.seat + 1) == "." then
    settle_seats(index, hold, 1, true)
  end
  keep_seats(index, hold, string.sub(hold.seats, 1, ref.seat) .. "l" .. string.sub(hold.seats, ref.seat + 2))
end
