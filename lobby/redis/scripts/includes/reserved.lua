--- The reply for seats in `room`.
local function reserved(hold, room)
  return {
    "RESERVED", hold.room, hold.server, hold.boot, room.mode, tonumber(hold.generation), tonumber(hold.fresh),
    room.capacity, tonumber(room.private), room.code,
  }
end
