import type { Room } from "@colyseus/core";
import { expect, it } from "vitest";
import { fakeRoom, seatClaims } from "../../test/support/game-server/fakes.ts";
import { RoomRecord } from "./room-record.ts";
import { countStates, roomStateOf } from "./room-state.ts";

function roomWith(seated: number, changed: Partial<ReturnType<typeof fakeRoom>> = {}) {
  const record = new RoomRecord(seatClaims(), 0);
  record.room = Object.assign(fakeRoom({ roomId: record.roomId }), changed) as unknown as Room;
  for (let seat = 0; seat < seated; seat++) record.markSat(record.addPlace(seatClaims({ seat, sid: `s${seat}` })));
  return record;
}

it("[CS1] a room counts in one state, by what it would say to a player who comes now", () => {
  const made = [roomWith(0), roomWith(1), roomWith(3), roomWith(4), roomWith(2, { _lockedExplicitly: true })];
  expect(made.map(roomStateOf)).toEqual(["empty", "open", "open", "full", "locked"]);
  const making = new RoomRecord(seatClaims(), 0);
  expect(roomStateOf(making)).toBe("making");
  const over = roomWith(2);
  over.isOver = true;
  expect(countStates([...made, making, over])).toEqual({ making: 1, empty: 1, open: 2, full: 1, locked: 1 });
});

it("[TK5] while nobody new is to come a room says that it is full, and wants nobody; its seats are as they are", () => {
  const record = roomWith(3);
  record.wanted = [1, 0];
  const told = record.report(record.room!, "{}", true);
  expect(told).toMatchObject({ capacity: 3, seated: 3, locked: false });
  expect(told.wanted).toBeUndefined();
  expect(record.report(record.room!, "{}")).toMatchObject({ capacity: 4, seated: 3, wanted: [1, 0] });
});
