import { type MatchModeInput, type MatchRules, match } from "@frontrow/shared/config/match-mode.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPool } from "./pool/pool.ts";
import { diceOf } from "./pool/sample-tickets.ts";
import { violations } from "./pool/violations.ts";
import type { Backfill, PoolTicket } from "./pool/words.ts";
import { runRound } from "./round.ts";

const METROS = ["fra", "ams", "lhr", "iad"];
const ROLES = ["tank", "healer", "fighter"];

const steps = (first: number[]) =>
  fc
    .tuple(fc.constantFrom(...first), fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 }), fc.boolean())
    .map(([max, factors, isOpen]) => {
      const list: { afterMs: number; max: number | null }[] = [{ afterMs: 0, max }];
      for (const factor of factors) {
        const last = list.at(-1)!;
        list.push({ afterMs: last.afterMs + factor * 700, max: last.max! * (factor + 1) });
      }
      if (isOpen) list.push({ afterMs: list.at(-1)!.afterMs + 1_500, max: null });
      return list;
    });
/** Mostly not: with every rule at once nobody would ever meet. */
const maybe = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

const roles = (seats: number) =>
  fc.constantFrom(
    ROLES.slice(0, Math.min(2, seats)).map((name) => ({ name, min: 1, max: seats })),
    ROLES.map((name, at) => ({ name, min: at === 0 ? 1 : 0, max: Math.max(1, Math.ceil(seats / 2)) })),
  );
const team = (seats: number, hasRoles: boolean) =>
  hasRoles ? roles(seats).map((list) => ({ seats, roles: list })) : fc.constant({ seats });
const teams = fc
  .tuple(
    fc.constantFrom([1, 1], [2, 2], [5, 5], [3, 3, 3], [4], [1, 4], [8, 8], [1, 1, 1, 1]),
    fc.integer({ min: 0, max: 3 }),
  )
  .chain(([sizes, dice]) => fc.tuple(...sizes.map((seats) => team(seats, dice === 0 && seats > 1))));

const rules: fc.Arbitrary<MatchRules> = fc
  .record({
    teams,
    skill: maybe(steps([50, 100, 400])),
    latency: maybe(steps([30, 60, 120])),
    same: maybe(fc.constant(["map"])),
    ranges: maybe(steps([1, 5]).map((list) => [{ attribute: "level", steps: list }])),
    start: maybe(fc.record({ playersMin: fc.integer({ min: 1, max: 2 }), afterMs: fc.constantFrom(500, 2_000) })),
    bots: maybe(fc.record({ afterMs: fc.constantFrom(1_000, 4_000) })),
    priority: maybe(fc.constant({ attribute: "vip", headStartMs: 1_000 })),
    holdMs: fc.constantFrom(0, 250),
    allowedMetros: maybe(fc.constant(METROS.slice(0, 3))),
  })
  .map((rule) => JSON.parse(JSON.stringify(rule)) as MatchRules);

const player = fc.record({
  playerId: fc.integer({ min: 0, max: 30 }).map((n) => `player-${n}`),
  rating: fc.integer({ min: 1_200, max: 1_800 }),
  roles: fc.subarray([...ROLES, "cook"]),
});
const attributes = fc
  .record({
    map: maybe(fc.constantFrom("dust", "snow")),
    level: maybe(fc.integer({ min: 1, max: 12 })),
    vip: fc.boolean(),
  })
  .map((all) => JSON.parse(JSON.stringify(all)) as Record<string, unknown>);
const wish = fc.record({
  players: fc.array(player, { minLength: 1, maxLength: 3 }),
  metros: fc
    .subarray(METROS, { minLength: 1 })
    .chain((names) =>
      fc.tuple(fc.constant(names), fc.array(fc.integer({ min: 5, max: 130 }), { minLength: 4, maxLength: 4 })),
    )
    .map(([names, rtts]) => names.map((metro, at) => ({ metro, rttMs: rtts[at]! })).sort((a, b) => a.rttMs - b.rttMs)),
  attributes,
  agedMs: fc.constantFrom(0, 0, 0, 900, 5_000),
  avoid: fc.array(
    fc.integer({ min: 0, max: 30 }).map((n) => `player-${n}`),
    { maxLength: 3 },
  ),
});
const room = fc.record({
  metro: fc.constantFrom(...METROS),
  free: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 4, maxLength: 4 }),
  rating: fc.integer({ min: 1_200, max: 1_800 }),
  attributes,
  playerIds: fc.array(
    fc.integer({ min: 0, max: 30 }).map((n) => `player-${n}`),
    { maxLength: 2 },
  ),
});
type Step =
  | {
      kind: "add";
      wish: { [K in keyof PoolTicket as Exclude<K, "key" | "sinceMs">]: PoolTicket[K] } & { agedMs: number };
    }
  | { kind: "offer"; room: Omit<Backfill, "roomId" | "sinceMs"> }
  | { kind: "remove"; nth: number }
  | { kind: "round"; afterMs: number; anchorsMax: number };
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constant("add" as const), wish }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("offer" as const), room }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("remove" as const), nth: fc.nat(40) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("round" as const),
      afterMs: fc.constantFrom(0, 5, 100, 701, 2_000),
      anchorsMax: fc.constantFrom(1, 5, 1_000),
    }),
  },
);

describe("runRound, whatever the rules and tickets", () => {
  it("[RD1] a proposal breaks none of its mode's rules, its tickets have left the pool, and the rest is still there", () => {
    let matches = 0;
    let joined = 0;
    fc.assert(
      fc.property(
        rules,
        fc.array(step, { minLength: 5, maxLength: 120, size: "max" }),
        fc.integer(),
        (given, all, seed) => {
          const mode = match({ ...given, backfill: true } as MatchModeInput);
          const pool = createPool(mode, { ticketsMax: 1_000 });
          const inPool = new Map<string, PoolTicket>();
          const rooms = new Map<string, Backfill>();
          let nowMs = 50_000;
          let number = 0;
          for (const each of [...all, { kind: "round" as const, afterMs: 2_000, anchorsMax: 1_000 }]) {
            if (each.kind === "add") {
              const { agedMs, players, ...rest } = each.wish;
              const ticket = {
                ...rest,
                players: players.slice(0, mode.partyMax),
                key: `t${number++}`,
                sinceMs: nowMs - agedMs,
              };
              inPool.set(ticket.key, ticket);
              expect(pool.add(ticket, nowMs)).toBe(true);
            } else if (each.kind === "offer") {
              const free = mode.teams.map(({ seats }, at) => Math.min(seats, each.room.free[at % 4]!));
              const backfill = { ...each.room, free, roomId: `r${number++}`, sinceMs: nowMs };
              rooms.set(backfill.roomId, backfill);
              pool.offer(backfill);
            } else if (each.kind === "remove") {
              expect(pool.remove(`t${each.nth}`)).toBe(inPool.delete(`t${each.nth}`));
            } else {
              nowMs += each.afterMs;
              const { proposals } = runRound(pool, { nowMs, rng: diceOf(seed), anchorsMax: each.anchorsMax });
              for (const proposal of proposals) {
                const into = proposal.roomId === undefined ? undefined : rooms.get(proposal.roomId);
                expect(violations(mode, proposal, nowMs, into)).toEqual([]);
                expect(proposal.why().length).toBeGreaterThan(1);
                for (const ticket of proposal.tickets) expect(inPool.get(ticket.key)).toBe(ticket);
                for (const { key } of proposal.tickets) inPool.delete(key);
                if (into) rooms.delete(into.roomId);
                matches++;
                if (into) joined++;
              }
            }
            expect(pool.size).toBe(inPool.size);
          }
          for (const key of inPool.keys()) {
            expect(pool.has(key)).toBe(true);
            expect(pool.explain(key, nowMs).length).toBeGreaterThan(0);
          }
          expect(pool.players).toBe([...inPool.values()].reduce((sum, { players }) => sum + players.length, 0));
        },
      ),
      { numRuns: 150 },
    );
    expect(matches).toBeGreaterThan(200);
    expect(joined).toBeGreaterThan(10);
  }, 60_000);
});
