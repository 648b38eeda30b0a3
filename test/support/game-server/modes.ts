/** The modes of the test world, by the name of their rooms. */
import { fill, match } from "@frontrow/shared/config/modes.ts";

export const testModes = {
  plain: fill({ seats: 4 }),
  leaving: fill({ seats: 4 }),
  keeping: fill({ seats: 4 }),
  old: fill({ seats: 4 }),
  fickle: fill({ seats: 4 }),
  match: fill({ seats: 6 }),
  throwing: fill({ seats: 4 }),
  renamed: fill({ seats: 4 }),
  slow: fill({ seats: 4 }),
  picky: fill({ seats: 4 }),
  classauth: fill({ seats: 4 }),
  ownauth: fill({ seats: 4 }),
  staying: fill({ seats: 4 }),
  duo: fill({ seats: 4 }),
  inputs: fill({ seats: 4 }),
  watched: fill({ seats: 2, spectators: 2 }),
  shown: match({ room: "watched", teams: [{ seats: 1 }, { seats: 1 }], spectators: 2, backfill: true }),
  rated: match({ teams: [{ seats: 2 }, { seats: 2 }] }),
};

export async function testRooms() {
  const rooms = await import("./rooms.ts");
  return {
    plain: rooms.PlainRoom,
    leaving: rooms.LeavingRoom,
    keeping: rooms.KeepingRoom,
    old: rooms.OldFashionedRoom,
    fickle: rooms.FickleRoom,
    match: rooms.MatchRoom,
    throwing: rooms.ThrowingRoom,
    renamed: rooms.RenamedRoom,
    slow: rooms.SlowRoom,
    picky: rooms.PickyRoom,
    classauth: rooms.ClassAuthRoom,
    ownauth: rooms.OwnAuthRoom,
    staying: rooms.StayingRoom,
    duo: rooms.DuoRoom,
    inputs: rooms.InputRoom,
    watched: rooms.WatchedRoom,
    rated: rooms.RatedRoom,
  };
}
