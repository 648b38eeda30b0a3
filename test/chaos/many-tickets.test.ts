/**
 * Fifty thousand waiting tickets of one edge lose the owner of their pool. They come back to the next one paced, oldest first, over a
 * link that packs and checks every message; meanwhile nobody's lease may run out, and matching goes on.
 */
import { createMemoryLobby } from "@frontrow/lobby/memory/memory.ts";
import { createMatches, type Matches } from "@frontrow/matchmaker/matches.ts";
import { createMemoryRatings } from "@frontrow/matchmaker/rating/memory/memory.ts";
import { createReceipts } from "@frontrow/matchmaker/ticket/receipt.ts";
import { match } from "@frontrow/shared/config/modes.ts";
import { resolveLimits } from "@frontrow/shared/limits.ts";
import { createOutbox } from "@frontrow/shared/link/outbox.ts";
import { decode } from "@frontrow/shared/protocol/codec.ts";
import { LinkDown, LinkUp } from "@frontrow/shared/protocol/link.ts";
import type { HolderMessage, OwnerMessage, ReplicaSet } from "@frontrow/shared/protocol/match-link.ts";
import { createSystemClock } from "@frontrow/shared/system-clock.ts";
import { createHolders, type Holders } from "@frontrow/shared/ticket/holders.ts";
import { afterEach, expect, it, vi } from "vitest";
import * as z from "zod";

const TICKETS = 50_000;
/** Two seconds are the pace; the rest is for a machine that runs other tests meanwhile. */
const BACK_MS = 40_000;
const limits = resolveLimits();
const clock = createSystemClock();
const rtt = { minMs: 1, jitterMs: 0, loss: 0, samples: 5, verified: true };
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

interface Replica {
  readonly name: string;
  readonly matches: Matches;
  set: ReplicaSet | undefined;
  isDead: boolean;
  /** Tickets that it refused or forgot, by what it said. */
  readonly said: Map<string, number>;
  hear(message: HolderMessage): void;
}

function replicaOf(name: string, lobby: ReturnType<typeof createMemoryLobby>, edge: () => Holders): Replica {
  const matches = createMatches({
    metro: "fra",
    replica: name,
    modes: {
      // The opponent of each is nobody: ratings are all alike, wishes are not.
      duel: match({ teams: [{ seats: 1 }, { seats: 1 }], same: ["wish"], holdMs: 0, timeoutMs: 600_000 }),
    },
    lobby,
    limits,
    ratings: createMemoryRatings(),
    receipts: createReceipts("key"),
    servers: undefined as never,
    sign: undefined as never,
    clock,
    wallMs: Date.now,
    rng: Math.random,
    random: (bytes) => new Uint8Array(bytes),
    newMatchId: () => "match-of-nobody",
    soon: setImmediate,
    observe: () => {},
  });
  const said = new Map<string, number>();
  const down = createOutbox<OwnerMessage>((frame) => {
    const heard = decode(z.array(LinkDown).max(512), frame, limits.linkFrameBytes);
    if (!heard.ok) throw new Error(heard.why);
    for (const message of heard.value) {
      said.set(message.t, (said.get(message.t) ?? 0) + 1);
      if (!replica.isDead) edge().hear("fra", name, message as OwnerMessage);
    }
  }, setImmediate);
  const peer = {
    tell: down.push,
    replicas(set: ReplicaSet) {
      replica.set = set;
      if (!replica.isDead) edge().replicasChanged("fra");
    },
  };
  const up = createOutbox<HolderMessage>((frame) => {
    const heard = decode(z.array(LinkUp).max(512), frame, limits.linkFrameBytes);
    if (!heard.ok) throw new Error(heard.why);
    for (const message of heard.value as HolderMessage[]) {
      const playerId = "sid" in message ? message.sid : "";
      matches.hear(peer, { playerId, guest: true }, message);
    }
  }, setImmediate);
  const replica: Replica = { name, matches, set: undefined, isDead: false, said, hear: up.push };
  matches.connect(peer);
  closing.push(() => matches.owner.stop());
  return replica;
}

it("[OW3] fifty thousand tickets come back to a new owner, and no lease runs out meanwhile", async () => {
  const lobby = createMemoryLobby({ metro: "fra", limits });
  let edge!: Holders;
  const replicas = ["a", "b"].map((name) => replicaOf(name, lobby, () => edge));
  const alive = () => replicas.filter(({ isDead }) => !isDead);
  edge = createHolders({
    clock,
    limits,
    links: {
      send(_metro, to, message) {
        const replica = alive().find(({ name }) => to === undefined || name === to);
        replica?.hear(message);
        return replica !== undefined;
      },
      replicas: () =>
        alive()
          .flatMap(({ set }) => set ?? [])
          .sort((a, b) => b.epoch - a.epoch)[0],
    },
  });
  closing.push(() => edge.stop());
  const held = () => alive().reduce((sum, { matches }) => sum + matches.owner.size, 0);
  await vi.waitFor(
    () =>
      expect(replicas.map(({ set }) => set?.members)).toEqual([
        ["a", "b"],
        ["a", "b"],
      ]),
    5_000,
  );

  const ended: unknown[] = [];
  for (let number = 0; number < TICKETS; number++) {
    const told = { waiting() {}, asked() {}, locked() {}, ended: (outcome: unknown) => void ended.push(outcome) };
    const wish = {
      mode: "duel",
      compat: "any",
      options: { wish: number },
      avoid: [],
      receipt: undefined,
      timeoutMs: 600_000,
    };
    const metros = () => [{ metro: "fra", rttMs: 1 }];
    edge.open({ ...wish, sid: `s${number}`, ticket: `t${number}`, rtt: () => rtt, metros }, told);
    if (number % 500 === 0) await new Promise(setImmediate);
  }
  await vi.waitFor(() => expect(held()).toBe(TICKETS), { timeout: 20_000 });

  const lost = replicas.find(({ matches }) => matches.owner.size > 0)!;
  lost.isDead = true;
  await lost.matches.close();
  edge.replicasChanged("fra");
  const [next] = alive();
  await vi.waitFor(() => expect(next!.matches.owner.size).toBe(TICKETS), { timeout: BACK_MS, interval: 250 });
  const unknownBefore = next!.said.get("unknown") ?? 0;
  // Two leases later all of them are still there: renewals were not drowned.
  await new Promise((resolve) => setTimeout(resolve, 2 * limits.ticketLeaseMs));
  expect(next!.matches.owner.size).toBe(TICKETS);
  expect((next!.said.get("unknown") ?? 0) - unknownBefore).toBe(0);
  expect(ended).toEqual([]);
}, 120_000);
