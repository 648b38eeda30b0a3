--- @include "open-key"

--- Takes a room out of the offer and the lists.
local function unlist_room(index, id, mode, compat)
  redis.call("ZREM", open_key(index, mode, compat), id)
  redis.call("ZREM", index.listed .. mode, id)
  redis.call("ZREM", index.wanted .. mode, id)
end
