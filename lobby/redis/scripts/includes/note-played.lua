--- @include "playing-as"

--- A player has left this seat of a match; of another that he plays it says nothing.
local function note_played(index, hold, ref)
  if not ref.player or not ref.match then
    return
  end
  local key = index.playing .. ref.player
  if string.match(redis.call("GET", key) or "", "^%d+ (.*)$") == playing_as(hold, ref) then
    redis.call("DEL", key)
  end
end
