import type { Playing } from "@frontrow/lobby/lobby.ts";
import { resolveLimits } from "@frontrow/shared/limits.ts";
import { describe, expect, it } from "vitest";
import { createManualClock } from "../../test/support/manual-clock.ts";
import { createDoubts } from "./doubts.ts";
import type { EnlistedTicket } from "./enlisted.ts";

const { heartbeatMs, leaseMs } = resolveLimits();

/** One ticket in doubt; `answer` is what the index says from now on. */
function doubting(answer: Playing[] | Error) {
  const clock = createManualClock();
  const ticket = { key: "ada:t" } as EnlistedTicket;
  const told: string[] = [];
  let isWaiting = true;
  let asked = 0;
  let now: Playing[] | Error = answer;
  const doubts = createDoubts({
    clock,
    limits: { heartbeatMs },
    async playing(players) {
      asked++;
      if (now instanceof Error) throw now;
      return now.filter(({ player }) => players.includes(player));
    },
    isWaiting: () => isWaiting,
    cleared: () => void told.push("cleared"),
    confirmed: () => void told.push("confirmed"),
  });
  doubts.raise(ticket, ["ada"]);
  return {
    ...{ clock, ticket, doubts, told },
    asked: () => asked,
    say: (said: Playing[] | Error) => {
      now = said;
    },
    goAway: () => {
      isWaiting = false;
    },
  };
}
const ada = (seq: number): Playing => ({ player: "ada", seq });

describe("a ticket whose player sits in another match, says the index", () => {
  it("[OW15] is free again within a moment of the index hearing that the player has left", async () => {
    const { clock, doubts, ticket, told } = doubting([]);
    expect(doubts.has(ticket)).toBe(true);
    await clock.pass(100);
    expect(told).toEqual(["cleared"]);
    expect(doubts.has(ticket)).toBe(false);
  });

  it("[OW15] is over only once the server was heard that had the time to say that he left", async () => {
    const { clock, told, say } = doubting([ada(7)]);
    await clock.pass(heartbeatMs);
    say([ada(8)]);
    await clock.pass(10 * heartbeatMs);
    expect(told).toEqual([]);
    say([ada(9)]);
    await clock.pass(heartbeatMs);
    expect(told).toEqual(["confirmed"]);
  });

  it("[OW15] is not over for several heartbeats in a row, which a server with much to say sends", async () => {
    const { clock, told, say } = doubting([ada(7)]);
    await clock.pass(100);
    say([ada(20)]);
    await clock.pass(heartbeatMs / 2);
    expect(told).toEqual([]);
    await clock.pass(heartbeatMs);
    expect(told).toEqual(["confirmed"]);
  });

  it("[OW15] is free when the server that says so turns out to be dead, which is not heard again", async () => {
    const { clock, told, say } = doubting([ada(7)]);
    await clock.pass(leaseMs);
    expect(told).toEqual([]);
    say([]);
    await clock.pass(heartbeatMs);
    expect(told).toEqual(["cleared"]);
  });

  it("[OW15] waits while the index does not answer, or knows of an earlier heartbeat than before", async () => {
    const { clock, told, say } = doubting(new Error("away"));
    await clock.pass(5 * heartbeatMs);
    expect(told).toEqual([]);
    for (const seq of [30, 2, 3]) {
      say([ada(seq)]);
      await clock.pass(heartbeatMs);
    }
    expect(told).toEqual([]);
    say([ada(4)]);
    await clock.pass(heartbeatMs);
    expect(told).toEqual(["confirmed"]);
  });

  it("[OW15] waits while its server has not been heard since a gap: what it said before may not be true any more", async () => {
    const { clock, told, say } = doubting([ada(0)]);
    await clock.pass(5 * heartbeatMs);
    for (const seq of [40, 41]) {
      say([ada(seq)]);
      await clock.pass(heartbeatMs);
    }
    expect(told).toEqual([]);
    say([ada(42)]);
    await clock.pass(heartbeatMs);
    expect(told).toEqual(["confirmed"]);
  });

  it("[OW15] is forgotten with its ticket, or its owner, and asked about no more", async () => {
    for (const end of ["goes", "stops"]) {
      const { clock, told, say, goAway, doubts, ticket, asked } = doubting([ada(1)]);
      await clock.pass(100);
      if (end === "goes") goAway();
      else doubts.stop();
      const before = asked();
      say([]);
      await clock.pass(5 * heartbeatMs);
      expect([told, asked(), doubts.has(ticket)]).toEqual([[], before, false]);
    }
  });
});
