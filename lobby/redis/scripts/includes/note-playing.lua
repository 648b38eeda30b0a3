--- @include "playing-as"

--- The match that a signed-in player plays. Of several the one where he sat down last counts: saying an older one again changes
--- nothing.
local function note_playing(index, hold, ref, is_new)
  if not ref.player or not ref.match then
    return
  end
  local key, said = index.playing .. ref.player, playing_as(hold, ref)
  local known = redis.call("GET", key)
  if is_new or not known or known == said then
    redis.call("SET", key, said, "PX", index.kept_ms)
  end
end
