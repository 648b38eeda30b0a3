import { defaultLimits } from "@frontrow/shared/limits.ts";
import { describe, expect, it, vi } from "vitest";
import { lobbyContract } from "../../test/contract/lobby.ts";
import { createMemoryLobby } from "./memory.ts";

lobbyContract("the lobby in memory", async (limits) => {
  let nowMs = 1_800_000_000_000;
  const metro = "fra";
  let lobby = createMemoryLobby({ metro, limits, nowMs: () => nowMs });
  return {
    metro,
    limits,
    lobby: () => lobby,
    nowMs: () => nowMs,
    async wait(ms) {
      // In steps, so that somebody is heard all along.
      for (let left = ms; left > 0; left -= limits.heartbeatMs) {
        nowMs += Math.min(left, limits.heartbeatMs);
        await lobby.index.release("nobody's");
      }
    },
    async stop() {
      nowMs += limits.leaseMs + 1;
    },
    async stepBack() {
      nowMs -= 60_000;
    },
    async forget() {
      await lobby.close();
      lobby = createMemoryLobby({ metro, limits, nowMs: () => nowMs });
    },
    close: () => lobby.close(),
  };
});

describe("a memory lobby under somebody else's clock", () => {
  const limits = defaultLimits;
  const claim = { replica: "a", seenEpoch: 0 };

  it("[LM17] has no timer, takes silence for a gap where nobody told it to look, and else not", async () => {
    const timers = vi.spyOn(globalThis, "setInterval");
    let nowMs = 1_800_000_000_000;
    const lobby = createMemoryLobby({ metro: "fra", limits, nowMs: () => nowMs, pulse: false });
    expect(timers).not.toHaveBeenCalled();
    timers.mockRestore();
    const wait = async () => {
      const reply = await lobby.index.settle("m:none");
      return reply.kind === "WAIT" ? reply.retryInMs : 0;
    };
    const unsureMs = limits.seatHoldMs + limits.leaseMs;
    expect(await wait()).toBe(unsureMs);
    for (let i = 0; i < 2 * limits.leaseMs; i += limits.heartbeatMs) {
      nowMs += limits.heartbeatMs;
      lobby.pulse();
    }
    expect(await wait()).toBe(unsureMs - 2 * limits.leaseMs);
    nowMs += 2 * limits.leaseMs;
    expect(await wait()).toBe(unsureMs);
    expect((await lobby.replicas.claim(claim)).nowMs).toBe(nowMs);
    await lobby.close();
  });
});
