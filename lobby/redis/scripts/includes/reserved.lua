--- The reply for seats in `room`: which of the call's rooms it is, each being told once a boot, and what is the ticket's own.
local function reserved(index, generation, fresh, room)
  local at = index.room_at[room.id]
  if not at or index.rooms[at][3] ~= room.boot then
    at = #index.rooms + 1
    index.room_at[room.id] = at
    index.rooms[at] =
      { room.id, room.server, room.boot, room.mode, room.capacity, tonumber(room.private), room.code }
  end
  return { "RESERVED", at, tonumber(generation), tonumber(fresh) }
end
