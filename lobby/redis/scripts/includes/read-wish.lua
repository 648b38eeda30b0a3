--- @include "open-key"
--- @include "paused-by"

--- What a reservation wants, but for its ticket: read once a call for all that want the same, and with it whether that is
--- paused. `mode` is nil where a room is named; then `pause` is not yet all that may stop it.
local function read_wish(index, wish)
  local wanted = index.wishes[wish]
  if wanted then
    return wanted
  end
  local seats, compat, kind, fresh_seats, avoid, subject = string.match(wish, "^(%d+) (%S+) (%l+) (%d+) (%S*) (.*)$")
  assert(tonumber(seats) <= 64, "a ticket has at most 64 seats")
  local mode = kind ~= "room" and kind ~= "backfill" and kind ~= "code" and subject or nil
  wanted = {
    seats = tonumber(seats),
    compat = compat,
    kind = kind,
    of_match = kind == "match" or kind == "backfill",
    fresh_seats = tonumber(fresh_seats),
    avoid = avoid,
    subject = subject,
    mode = mode,
    open = mode and open_key(index, mode, compat),
    pause = paused_by(index, compat, mode),
    held = string.rep(".", tonumber(seats)),
  }
  index.wishes[wish] = wanted
  return wanted
end
