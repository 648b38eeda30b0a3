import type { Fleet, ServerStatus } from "@frontrow/lobby/lobby.ts";
import { expect, it } from "vitest";
import { watchDrain } from "./drain.ts";

const LIVE: ServerStatus = {
  ...{ boot: "b1", live: true, draining: true, closed: false, leavesInMs: 60_000 },
  ...{ rooms: 2, seated: 3, held: 0 },
};
const HELD = { ...LIVE, leavesInMs: 59_000, rooms: 1, seated: 1, held: 1 };

/** A server that looks so, look after look, the last one for ever; `away`: the index does not answer. */
async function watching(...looks: (Partial<ServerStatus> | undefined | "away")[]) {
  const asked: string[] = [];
  const said: string[] = [];
  let clockMs = 0;
  const fleet: Fleet = {
    async drain(server) {
      asked.push(server);
      return "DRAINING";
    },
    async look() {
      const now = looks.length > 1 ? looks.shift() : looks[0];
      if (now === "away") throw new Error("no answer");
      return now && { ...LIVE, ...now };
    },
  };
  const code = await watchDrain({
    ...{ fleet, server: "7", everyMs: 1_000, nowMs: () => clockMs },
    say: (line) => void said.push(line),
    async pause(ms) {
      clockMs += ms;
    },
  });
  return { code, said, asked, tookMs: clockMs };
}

it("[DR6] it asks once, says what it waits for when that changes, and ends when the server has left", async () => {
  const fresh = { draining: false, leavesInMs: undefined };
  const { code, said, asked } = await watching(fresh, LIVE, LIVE, HELD, { ...HELD, closed: true });
  expect(code).toBe(0);
  expect(asked).toEqual(["7"]);
  expect(said).toEqual([
    "game server 7 is offered no more, and hears of it now",
    "game server 7: 2 rooms with 3 players; at most 60 s",
    "game server 7: 1 room with 1 player, 1 player on the way; at most 59 s",
    "game server 7 has left: nobody sits there any more",
  ]);
});

it("[DR6] when its time is over it says how many went back", async () => {
  const { code, said } = await watching(LIVE, { leavesInMs: 500 }, { closed: true, seated: 0, rooms: 0 });
  expect(code).toBe(0);
  expect(said.at(-1)).toBe("game server 7 has left: its time was over, and 3 players went back");
});

it("[DR6] an index that forgot what it was asked is asked again", async () => {
  const { asked } = await watching({ draining: false }, LIVE, { draining: false }, LIVE, { closed: true });
  expect(asked).toEqual(["7", "7"]);
});

it.each([
  ["there is none", [undefined], "there is no live game server 7 in this metro's index"],
  ["it was dead before", [{ live: false }], "there is no live game server 7 in this metro's index"],
  ["it dies", [LIVE, { live: false }], "game server 7 is gone without a word, and 3 players with it"],
  ["it does not hear", [{ leavesInMs: undefined }], "given up on game server 7: it does not leave, though it lives"],
  ["it does not end", [LIVE, { leavesInMs: 0 }], "given up on game server 7: it does not leave, though it lives"],
  ["the index is away", [LIVE, "away"], "given up on game server 7: no answer"],
] as const)("[DR6] %s: it ends with 1 and says so", async (_, looks, why) => {
  const { code, said, tookMs } = await watching(...looks);
  expect([code, said.at(-1)]).toEqual([1, why]);
  expect(tookMs).toBeLessThanOrEqual(30_000);
});

it("[DR6] an index that is away for a moment, and a drain that takes long, are waited for", async () => {
  const long = Array.from({ length: 40 }, (_, at) => ({ leavesInMs: 60_000 - at * 1_000 }));
  expect((await watching(LIVE, "away", "away", ...long, { closed: true })).code).toBe(0);
});

it("[DR6] a server that was started again meanwhile is nobody's to wait for", async () => {
  const { code, said } = await watching(LIVE, { boot: "b2", draining: false });
  expect([code, said.at(-1)]).toEqual([0, "game server 7 was started again meanwhile, and is offered"]);
});
