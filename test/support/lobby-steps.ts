/** Random steps against a lobby. A step names rooms, codes and seats by number; `lobby-mirror.ts` makes questions of them. */
import type { PauseFlag } from "@frontrow/lobby/lobby.ts";
import fc from "fast-check";

export const METRO = "fra";
export const START_MS = 1_800_000_000_000;
export const MODES = ["arena", "duel"];
export const COMPATS = ["v1", "v2"];
const SERVERS = ["1", "2", "3"];
const FLAGS: PauseFlag[] = ["metro", "mode:duel", "compat:v2"];
const CODES = ["FRA-00000001", "FRA-00000002"];

const nat = (max: number) => fc.nat({ max });
const server = fc.constantFrom(...SERVERS);
/** Boots ago; a registration with another boot than the present one is the next. Boots never come back. */
const boot = fc.constantFrom(0, 0, 0, 1);
const ticket = nat(11).map((n) => `ticket${n}`);
/** Signed-in players; undefined: a guest. */
const player = fc.constantFrom(undefined, "ada", "bob", "cy");
const often = fc.constantFrom(true, true, true, false);
const seldom = fc.constantFrom(true, false, false, false, false);

const reservation = fc.record({
  ticket,
  seats: fc.constantFrom(1, 1, 2, 3, 5),
  mode: fc.constantFrom(MODES[0]!, MODES[0]!, MODES[1]!),
  compat: fc.constantFrom(COMPATS[0]!, COMPATS[0]!, COMPATS[1]!),
  kind: fc.constantFrom(
    "best" as const,
    "best" as const,
    "best" as const,
    "open" as const,
    "new" as const,
    "private" as const,
    "room" as const,
    "code" as const,
    "match" as const,
    "match" as const,
    "backfill" as const,
  ),
  room: nat(30),
  code: fc.constantFrom(...CODES),
  capacity: fc.constantFrom(4, 4, 2),
  avoid: fc.uniqueArray(server, { maxLength: 1 }),
  roster: fc.option(fc.string(), { nil: undefined }),
  /** Of a match. */
  players: fc.uniqueArray(fc.constantFrom("ada", "bob", "cy"), { maxLength: 2 }),
  /** Of a match, after the start. */
  notAfterMs: fc.constantFrom(undefined, undefined, 1, 3_000_000, 20_000_000),
});
const company = fc.option(fc.string(), { nil: undefined });
const wanted = fc.option(fc.array(fc.constantFrom(0, 1, 2, 2, -1), { maxLength: 2 }), { nil: undefined });
const beat = fc.record({
  server,
  boot,
  late: seldom,
  load: fc.constantFrom(0, 0.1, 0.3, 0.55, 0.9, 1),
  complete: often,
  rooms: fc.array(fc.record({ room: nat(30), seated: nat(4), locked: seldom, match: seldom, wanted, company }), {
    maxLength: 4,
  }),
  sat: fc.array(
    fc.record({
      ...{ ticket, seat: nat(3), room: nat(30), generation: fc.option(nat(9), { nil: undefined }), player },
      match: often,
    }),
    { maxLength: 3 },
  ),
  left: fc.array(fc.record({ ticket, seat: nat(3), player, match: often }), { maxLength: 2 }),
  refused: fc.array(fc.record({ ticket, room: nat(30) }), { maxLength: 2 }),
  closed: fc.constantFrom(true, ...Array.from({ length: 20 }, () => false)),
  retire: fc.array(nat(30), { maxLength: 2 }),
  gone: fc.array(nat(30), { maxLength: 1 }),
});

export const anyStep = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant("reserve" as const),
      list: fc.array(reservation, { minLength: 1, maxLength: 8 }),
    }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant("beat" as const), beat }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("register" as const), server, boot, seatsMax: fc.constantFrom(8, 20) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("time" as const),
      ms: fc.constantFrom(1, 900_000, 2_000_000, 2_600_000, 3_100_000, 5_500_000, -60_000, -2_000_000),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("release" as const),
      ticket,
      seats: fc.option(fc.array(fc.integer({ min: -1, max: 5 }), { maxLength: 3 }), { nil: undefined }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("settle" as const),
      list: fc.array(ticket, { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("replace" as const),
      ticket,
      room: nat(30),
      /** A ticket that was given a seat. */
      own: often,
      refused: often,
      cut: seldom,
      avoid: fc.uniqueArray(server, { maxLength: 1 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("seatOf" as const), player: fc.constantFrom("ada", "bob", "cy") }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("playing" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("quiet" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("wanted" as const), mode: fc.constantFrom(...MODES) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("replica" as const),
      replica: nat(3).map((n) => `replica${n}`),
      seenEpoch: fc.constantFrom(0, 0, 1, 9),
      leave: seldom,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("report" as const), ticket, room: nat(30), left: fc.array(fc.string()) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("take" as const), max: nat(3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("done" as const), list: fc.array(ticket, { maxLength: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("drain" as const), server, boot }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("pause" as const), flag: fc.constantFrom(...FLAGS), paused: seldom }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("list" as const),
      mode: fc.constantFrom(...MODES),
      after: nat(30),
      limit: fc.constantFrom(1, 2, 50),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("registration" as const), server }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("locate" as const), room: nat(30) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("claim" as const), player: nat(2), owner: nat(2), ends: seldom }),
  },
);
export type Step = typeof anyStep extends fc.Arbitrary<infer S> ? S : never;

/** Steps of one's own making: a ticket for any open room, a heartbeat that says nothing, a room that is published as it is. */
export const reservationStep = (ticket: string): Extract<Step, { do: "reserve" }>["list"][number] => ({
  ticket,
  seats: 1,
  mode: "arena",
  compat: "v1",
  kind: "best",
  room: 0,
  code: "FRA-00000001",
  capacity: 4,
  avoid: [],
  roster: undefined,
  players: [],
  notAfterMs: undefined,
});
export const beatStep = (server: string): Extract<Step, { do: "beat" }>["beat"] => {
  const empty = { rooms: [], sat: [], left: [], refused: [], closed: false, retire: [], gone: [] };
  return { server, boot: 0, late: false, load: 0, complete: true, ...empty };
};
export const SAT = { seat: 0, room: 0, generation: 0, player: undefined, match: false };
export const ROOM = { room: 0, seated: 0, locked: false, match: false, wanted: undefined, company: undefined };
