/** Settlement as the simulation found it to be wrong. */
import { createMemoryLobby } from "@frontrow/lobby/memory/memory.ts";
import { createMatchPlace, matchKey } from "@frontrow/matchmaker/seat/place-match.ts";
import { resolveLimits } from "@frontrow/shared/limits.ts";
import { expect, it } from "vitest";

const limits = resolveLimits();
const rtt = { minMs: 1, jitterMs: 0, loss: 0, samples: 5, verified: true };

// A replica that did not know the server of a match's seats answered "there will be no seats" while the index still had them, and another
// replica, which knew it, gave them out: one half of a match played alone, the other half in another match.
it("[SM2] who is told that a match has no seats is told the same as everybody, however its server is trusted", async () => {
  let nowMs = 1_800_000_000_000;
  const lobby = createMemoryLobby({ metro: "fra", limits, nowMs: () => nowMs, pulse: false });
  const offer = { server: "7", boot: "b", modes: ["duel"], compats: ["any"], seatsMax: 10 };
  await lobby.leases.register({ ...offer, registration: { text: "{}", key: "", signature: "" } });
  // Past the gap that every index begins with.
  for (let ms = 0; ms < limits.seatHoldMs + limits.leaseMs + 1_000; ms += 1_000) {
    nowMs += 1_000;
    const said = { load: 0, rooms: [], complete: true, sat: [], left: [], retire: [], gone: [] };
    await lobby.leases.heartbeat({ server: "7", boot: "b", seq: ms + 1, ...said });
  }
  const wanted = {
    ticket: matchKey("match-001"),
    seats: 2,
    compat: "any",
    target: { kind: "match" as const, mode: "duel" },
    fresh: { seats: 2, suffix: "abcde", code: "" },
    avoid: [],
    roster: JSON.stringify({
      compat: "any",
      bots: [],
      seats: [
        ["ada", false, 0],
        ["bob", false, 1],
      ],
    }),
    notAfterMs: nowMs + 1_000,
  };
  expect(await lobby.index.reserve(wanted)).toMatchObject({ kind: "RESERVED" });
  const ignorant = createMatchPlace({
    metro: "fra",
    limits,
    seatsOf: () => 2,
    index: lobby.index,
    servers: { trusted: () => undefined, distrusted: () => [] },
    sign: () => {
      throw new Error("signs for nobody");
    },
    random: (bytes) => new Uint8Array(bytes),
    indexNowMs: () => nowMs,
  });
  expect(await ignorant.settle({ match: "match-001", playerId: "ada", options: {}, rtt })).toBe("ABORTED");
  expect(await lobby.index.settle(matchKey("match-001"))).toEqual({ kind: "ABORTED" });
  expect(await lobby.index.reserve(wanted)).toEqual({ kind: "ABORTED" });
});
