/** Holders as the simulation found them to be wrong, one by one. */
import { resolveLimits } from "@frontrow/shared/limits.ts";
import type { HolderMessage, ReplicaSet } from "@frontrow/shared/protocol/match-link.ts";
import { createHolders } from "@frontrow/shared/ticket/holders.ts";
import { describe, expect, it } from "vitest";
import { createManualClock } from "../support/manual-clock.ts";

const limits = resolveLimits();
const rtt = { minMs: 1, jitterMs: 0, loss: 0, samples: 5, verified: true };

function edgeWith(members: readonly string[]) {
  const clock = createManualClock();
  const said: HolderMessage[] = [];
  let set: ReplicaSet = { epoch: 1, members };
  const holders = createHolders({
    clock,
    limits,
    links: { send: (_metro, _to, message) => said.push(message) > 0, replicas: () => set },
  });
  const outcomes: unknown[] = [];
  const wish = { sid: "s1", ticket: "t1", mode: "duel", compat: "any", options: {}, avoid: [], receipt: undefined };
  const held = holders.open(
    { ...wish, timeoutMs: 60_000, rtt: () => rtt, metros: () => [{ metro: "fra", rttMs: 1 }] },
    { waiting() {}, asked() {}, locked() {}, ended: (outcome) => void outcomes.push(outcome) },
  );
  const enlisted = (ageMs: number, receipt: string) => ({ t: "enlisted" as const, n: 0, ageMs, receipt, players: 1 });
  return {
    clock,
    holders,
    held,
    said,
    outcomes,
    enlisted,
    enlists: () => said.flatMap((message) => (message.t === "enlist" ? [message] : [])),
    replace(now: ReplicaSet) {
      set = now;
      holders.replicasChanged("fra");
    },
  };
}

describe("ages", () => {
  // What an owner said of an age was taken as of when it was heard. Late, or twice, it made the ticket younger, and its deadline later.
  it("[SM10] an age that is told late makes nobody younger", async () => {
    const edge = edgeWith(["a"]);
    edge.holders.hear("fra", "a", edge.enlisted(0, "first"));
    await edge.clock.pass(59_000);
    edge.holders.hear("fra", "a", edge.enlisted(0, "first"));
    edge.replace({ epoch: 2, members: ["b"] });
    await edge.clock.pass(limits.resendEveryMs);
    expect(edge.enlists().at(-1)!.ageMs).toBeGreaterThanOrEqual(59_000);
    await edge.clock.pass(1_100);
    expect(edge.outcomes).toMatchObject([{ refusal: { code: "MATCH_TIMEOUT" } }]);
  });

  // A replica that was replaced while it slept proves, when it wakes, the age of when it fell asleep; that proof replaced the better one.
  it("[SM10] the proof of an owner that was replaced does not replace the present one's", async () => {
    const edge = edgeWith(["a"]);
    edge.replace({ epoch: 2, members: ["b"] });
    await edge.clock.pass(20_000);
    edge.holders.hear("fra", "b", edge.enlisted(20_000, "good"));
    edge.holders.hear("fra", "a", edge.enlisted(0, "old"));
    edge.replace({ epoch: 3, members: ["c"] });
    await edge.clock.pass(limits.resendEveryMs);
    expect(edge.enlists().at(-1)).toMatchObject({ receipt: "good" });
  });
});

describe("a ticket that its owner will not have yet", () => {
  // The owner answers `unknown` while the player's earlier ticket is in a match; the holder said it again 20 ms later, again and again.
  it("[SM13] is enlisted again every fillRetryMs, and not with every turn of the link", async () => {
    const edge = edgeWith(["a"]);
    const before = edge.enlists().length;
    for (let ms = 0; ms < 1_000; ms += 10) {
      edge.holders.hear("fra", "a", { t: "unknown", ns: [0] });
      await edge.clock.pass(10);
    }
    const again = edge.enlists().length - before;
    expect(again).toBeGreaterThan(1);
    expect(again).toBeLessThanOrEqual(1_000 / limits.fillRetryMs + 1);
  });
});

describe("a ready check", () => {
  // `gone` went first: the owner forgot the ticket with it, and the others of a party waited for their own deadline.
  it("[SM13] that is declined is withdrawn before it is declined, so that the others of a party hear of it", () => {
    const edge = edgeWith(["a"]);
    const proposal = { n: 0, match: "match-001", epoch: 1, metro: "fra", lockMs: limits.ticketLockMs, askMs: 1_000 };
    edge.holders.hear("fra", "a", { t: "propose", ...proposal });
    edge.held.ready(false);
    expect(edge.said.slice(-2).map(({ t }) => t)).toEqual(["withdraw", "gone"]);
  });
});
