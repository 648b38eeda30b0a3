/** Epochs as the simulation found them to be wrong. */
import { createMemoryLobby } from "@frontrow/lobby/memory/memory.ts";
import { createMembership } from "@frontrow/matchmaker/replica/membership.ts";
import { resolveLimits } from "@frontrow/shared/limits.ts";
import { expect, it } from "vitest";
import { createManualClock } from "../support/manual-clock.ts";

// The index had lost everything and the replicas were new: epochs began again at 1, and every edge declined every proposal, because it had
// heard of a higher one. Replicas hear it from the edges now.
it("[SM5] an epoch that only the edges remember is outdone with the next heartbeat", async () => {
  const limits = resolveLimits();
  const clock = createManualClock();
  const lobby = createMemoryLobby({
    metro: "fra",
    limits,
    nowMs: () => 1_800_000_000_000 + clock.nowMs(),
    pulse: false,
  });
  const said: number[] = [];
  const membership = createMembership({
    ...{ replica: "a", replicas: lobby.replicas, clock, limits },
    wallMs: clock.nowMs,
    changed: ({ epoch }) => void said.push(epoch),
  });
  await clock.pass(1);
  expect(membership.set()?.epoch).toBe(1);
  membership.saw(14);
  await clock.pass(limits.heartbeatMs);
  expect(membership.set()?.epoch).toBe(15);
  expect(said).toEqual([1, 15]);
  await clock.pass(5 * limits.heartbeatMs);
  expect(said).toEqual([1, 15]);
  await membership.leave();
});
