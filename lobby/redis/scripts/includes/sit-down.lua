--- @include "read-hold"
--- @include "count-seats"
--- @include "settle-seats"
--- @include "write-hold"
--- @include "note-sitter"
--- @include "note-playing"

--- A seat is sat in, says its server. A hold that this index has lost is learned anew, seat by seat, where the server says
--- room and generation with it.
local function sit_down(index, id, boot, ref)
  local hold = read_hold(index, ref.ticket)
  if not hold and ref.roomId and ref.generation then
    hold = { ticket = ref.ticket, room = ref.roomId, server = id, boot = boot, fresh = 0, generation = 1, seats = "" }
  end
  if not hold or hold.server ~= id or hold.boot ~= boot then
    return
  end
  hold.seats = hold.seats .. string.rep("x", ref.seat + 1 - #hold.seats)
  hold.generation = math.max(hold.generation, ref.generation or 0)
  local state = string.sub(hold.seats, ref.seat + 1, ref.seat + 1)
  if state == "." then
    settle_seats(index, hold, 1, false)
  end
  if state == "." or state == "x" then
    hold.seats = string.sub(hold.seats, 1, ref.seat) .. "s" .. string.sub(hold.seats, ref.seat + 2)
  end
  if count_seats(hold.seats, ".") == 0 then
    redis.call("ZREM", index.holds, hold.ticket)
  end
  write_hold(index, hold.ticket, hold.room, hold.boot, hold.fresh, hold.generation, hold.seats)
  if state ~= "l" then
    note_sitter(index, ref, state ~= "s")
    note_playing(index, hold, ref, state ~= "s")
  end
end
