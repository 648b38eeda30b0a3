import { expect, it, vi } from "vitest";
import { ArenaRoom } from "./arena.ts";
import { BOTS_MAX } from "./rules.ts";

/** The room without a server around it: only what is said about it to the list of rooms is left out. */
function createRoom() {
  const room = new ArenaRoom();
  room.setMetadata = vi.fn(async () => {});
  return room;
}

it("[AR9] a room has as many bots as was last asked for, and no more than eight", () => {
  const room = createRoom();
  const { bots } = room.messages;
  const ask = (payload: unknown) => {
    const wish = bots.format["~standard"].validate(payload) as { value?: { count: number }; issues?: unknown };
    if (!wish.issues) bots.handler.call(room, undefined as never, wish.value!, undefined as never);
    return room.state.ships.size;
  };
  expect(ask({ count: 3 })).toBe(3);
  for (const wrong of [{ count: BOTS_MAX + 1 }, { count: -1 }, { count: 1.5 }, { count: "2" }, {}, null]) {
    expect(ask(wrong)).toBe(3);
  }
  expect(ask({ count: BOTS_MAX })).toBe(BOTS_MAX);
  expect(ask({ count: 1 })).toBe(1);
  expect(room.setMetadata).toHaveBeenLastCalledWith({ players: 0, bots: 1 });
});
