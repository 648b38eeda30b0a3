/** One session record a player. */
import { expect, it, vi } from "vitest";
import type { EnterWorld } from "./world.ts";

const patience = { timeout: 10_000, interval: 20 };

export function sessionCases(enter: EnterWorld) {
  it("[LB18] the newest session of a player wins, and the earlier one is told on every listener", async (t) => {
    const w = await enter(t);
    const { sessions } = w.lobby();
    const [one, two] = [vi.fn(), vi.fn()];
    sessions.onSuperseded(one);
    const stop = sessions.onSuperseded(two);
    const told = async (player: string) => {
      // A listener may miss what was published before its connection stood: claim until it is told.
      await vi.waitFor(async () => {
        await sessions.claim(player, "edge-a", 0);
        await sessions.claim(player, "edge-b", 0);
        expect(one).toHaveBeenCalledWith({ player, owner: "edge-a" });
      }, patience);
    };
    await told("first");
    expect(two.mock.calls).toEqual(one.mock.calls);
    stop();
    await told("second");
    expect(two).not.toHaveBeenCalledWith({ player: "second", owner: "edge-a" });
  });

  it("[LB18] a player's generation only goes up, also over its end and its being forgotten", async (t) => {
    const w = await enter(t);
    const { sessions } = w.lobby();
    const first = await sessions.claim("p", "a", 0);
    expect(await sessions.claim("p", "a", 0)).toEqual(first);
    const second = await sessions.claim("p", "b", 0);
    expect(second.generation).toBeGreaterThan(first.generation);
    await sessions.end("p", "b");
    const third = await sessions.claim("p", "b", 0);
    expect(third.generation).toBeGreaterThan(second.generation);
    await w.pass(w.limits.sessionForgottenMs + 50);
    const fourth = await sessions.claim("p", "b", 0);
    expect(fourth.generation).toBeGreaterThan(third.generation);
  });

  it("[LB18] ending a session that was superseded ends nothing", async (t) => {
    const w = await enter(t);
    const { sessions } = w.lobby();
    await sessions.claim("p", "old", 0);
    const newest = await sessions.claim("p", "new", 0);
    await sessions.end("p", "old");
    await sessions.end("nobody", "old");
    expect(await sessions.claim("p", "new", 0)).toEqual(newest);
  });

  it("[LB18] a claim that comes late, because the store was away, does not oust a session that opened after its own", async (t) => {
    const w = await enter(t);
    const { sessions } = w.lobby();
    const newer = await sessions.claim("p", "newer", 100);
    expect(newer.isNewest).toBe(true);
    expect(await sessions.claim("p", "older", 5_000)).toEqual({ generation: newer.generation, isNewest: false });
    expect(await sessions.claim("p", "newer", 200)).toEqual(newer);
    expect((await sessions.claim("p", "newest", 0)).isNewest).toBe(true);
  });

  it("[LB18] of two sessions within one millisecond the later claim wins, whatever fractions their ages have", async (t) => {
    // The store's clock has whole milliseconds and an age has fractions: whoever's claim took 0.9 ms to be made counted as
    // older than whose took 0.1, and a player's next session was the one that ended.
    const w = await enter(t);
    const { sessions } = w.lobby();
    for (let turn = 0; turn < 5; turn++) {
      const player = `p${turn}`;
      await sessions.claim(player, "first", 0.1);
      expect((await sessions.claim(player, "second", 0.9)).isNewest).toBe(true);
    }
  });
}
