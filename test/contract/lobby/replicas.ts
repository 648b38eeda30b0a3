/** The replica set of a metro: who is in it, and an epoch that only goes up. */
import { expect, it } from "vitest";
import type { EnterWorld, World } from "./world.ts";

const say = (w: World, replica: string, seenEpoch = 0, leave = false) =>
  w.lobby().replicas.claim({ replica, seenEpoch, leave });
const told = (epoch: number, ...members: string[]) => ({ epoch, members, nowMs: expect.any(Number) });

export function replicaCases(enter: EnterWorld) {
  it("[LM11] replicas come, stay while they say so, and go; each change is a new epoch", async (t) => {
    const w = await enter(t);
    expect(await say(w, "b")).toEqual(told(1, "b"));
    expect(await say(w, "b", 1)).toEqual(told(1, "b"));
    expect(await say(w, "a")).toEqual(told(2, "a", "b"));
    expect(await say(w, "b", 2)).toEqual(told(2, "a", "b"));
    expect(await say(w, "a", 2, true)).toEqual(told(3, "b"));
    expect(await say(w, "a", 3, true)).toEqual(told(3, "b"));
    expect(await say(w, "a", 3)).toEqual(told(4, "a", "b"));
  });

  it("[LM11] a replica that was silent for a lease is out, and back with a new epoch", async (t) => {
    const w = await enter(t);
    await say(w, "a");
    await say(w, "b");
    const endMs = w.nowMs() + w.limits.leaseMs + 50;
    while (w.nowMs() < endMs) {
      await w.pass(w.limits.leaseMs / 5);
      await say(w, "a", 2);
    }
    expect(await say(w, "a", 2)).toEqual(told(3, "a"));
    expect(await say(w, "b", 2)).toEqual(told(4, "a", "b"));
    await w.pass(w.limits.leaseMs + 50);
    expect(await say(w, "b", 4)).toEqual(told(5, "b"));
  });

  it("[LM12] an epoch is above all that any claimant saw", async (t) => {
    const w = await enter(t);
    expect(await say(w, "a", 7)).toEqual(told(8, "a"));
    expect(await say(w, "b", 3)).toEqual(told(9, "a", "b"));
    expect(await say(w, "a", 12)).toEqual(told(13, "a", "b"));
    expect(await say(w, "b", 12)).toEqual(told(13, "a", "b"));
    expect(await say(w, "c", 20, true)).toEqual(told(21, "a", "b"));
  });

  it("[LM12] it goes up across a stop, a step back of the clock and a loss of everything", async (t) => {
    const w = await enter(t);
    let { epoch } = await say(w, "a");
    for (const fault of ["stop", "stepBack", "forget"] as const) {
      await w[fault]();
      const one = await say(w, "a", epoch);
      expect(one.epoch).toBeGreaterThanOrEqual(epoch);
      if (fault === "forget") expect(one.epoch).toBeGreaterThan(epoch);
      const other = await say(w, "b", epoch);
      expect(other.epoch).toBeGreaterThan(epoch);
      epoch = (await say(w, "b", other.epoch, true)).epoch;
      expect(epoch).toBeGreaterThan(other.epoch);
    }
  });

  it("[LM13] after a gap nobody is out for its silence for one lease, and then is", async (t) => {
    for (const fault of ["stop", "stepBack"] as const) {
      const w = await enter(t);
      await say(w, "a");
      await say(w, "b");
      await w[fault]();
      expect(await say(w, "a", 2)).toEqual(told(2, "a", "b"));
      await w.pass(w.limits.leaseMs * 0.6);
      expect(await say(w, "a", 2)).toEqual(told(2, "a", "b"));
      await w.pass(w.limits.leaseMs * 0.6);
      expect(await say(w, "a", 2)).toEqual(told(3, "a"));
    }
  });

  it("[LM14] the 65th replica is told the set without itself, until somebody leaves", async (t) => {
    const w = await enter(t, { leaseMs: 20_000, seatHoldMs: 21_000, roomForgottenMs: 60_000 });
    const names = Array.from({ length: 64 }, (_, i) => `r${i + 100}`);
    for (const name of names) await say(w, name);
    expect(await say(w, "late")).toEqual(told(64, ...names));
    expect(await say(w, "r100", 0)).toEqual(told(64, ...names));
    await say(w, "r100", 64, true);
    expect(await say(w, "late")).toEqual(told(66, "late", ...names.slice(1)));
  });

  it("[LM14] a name or an epoch that is none is refused", async (t) => {
    const w = await enter(t);
    expect(await say(w, "n".repeat(64))).toEqual(told(1, "n".repeat(64)));
    for (const [name, seen] of [
      ["", 0],
      ["n".repeat(65), 0],
      ["a", -1],
      ["a", 0.5],
      ["a", Number.NaN],
      ["a", 2 ** 53],
    ]) {
      await expect(say(w, name as string, seen as number)).rejects.toThrow("replica");
    }
    expect((await say(w, "a")).epoch).toBe(2);
  });
}
