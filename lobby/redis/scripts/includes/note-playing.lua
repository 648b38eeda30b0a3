--- @include "playing-as"

--- The match that a signed-in player plays, and the gap since which that was said. Of several the one where he sat down last counts:
--- saying an older one again changes nothing, unless the known one is from before a gap.
local function note_playing(index, hold, ref, is_new)
  if not ref.player or not ref.match then
    return
  end
  local key, said = index.playing .. ref.player, playing_as(hold, ref)
  local gap, known = string.match(redis.call("GET", key) or "", "^(%d+) (.*)$")
  if is_new or tonumber(gap) ~= index.gap or known == said then
    redis.call("SET", key, index.gap .. " " .. said, "PX", index.kept_ms)
  end
end
