/**
 * Random steps against a lobby. A step names rooms, codes and seats by number; the mirror turns the numbers into those that
 * earlier answers named, so that most questions are about something that exists.
 */
import type { Heartbeat, Lobby, PauseFlag, Reservation, ReserveReply, RoomReport } from "@frontrow/lobby/lobby.ts";
import fc from "fast-check";

export const METRO = "fra";
const MODES = ["arena", "duel"];
const COMPATS = ["v1", "v2"];
const SERVERS = ["1", "2", "3"];
const FLAGS: PauseFlag[] = ["metro", "mode:duel", "compat:v2"];
const CODES = ["FRA-00000001", "FRA-00000002"];

const nat = (max: number) => fc.nat({ max });
const server = fc.constantFrom(...SERVERS);
/** Boots ago; a registration with another boot than the present one is the next. Boots never come back. */
const boot = fc.constantFrom(0, 0, 0, 1);
const ticket = nat(11).map((n) => `ticket${n}`);
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
  ),
  room: nat(30),
  code: fc.constantFrom(...CODES),
  capacity: fc.constantFrom(4, 4, 2),
  avoid: fc.uniqueArray(server, { maxLength: 1 }),
});
const beat = fc.record({
  server,
  boot,
  late: seldom,
  load: fc.constantFrom(0, 0.1, 0.3, 0.55, 0.9, 1),
  complete: often,
  rooms: fc.array(fc.record({ room: nat(30), seated: nat(4), locked: seldom }), {
    maxLength: 4,
  }),
  sat: fc.array(fc.record({ ticket, seat: nat(3), room: nat(30), generation: fc.option(nat(9), { nil: undefined }) }), {
    maxLength: 3,
  }),
  left: fc.array(fc.record({ ticket, seat: nat(3) }), { maxLength: 2 }),
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
  { weight: 6, arbitrary: fc.record({ do: fc.constant("beat" as const), beat }) },
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
  { weight: 2, arbitrary: fc.record({ do: fc.constant("release" as const), ticket }) },
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
type Question = (lobby: Lobby) => Promise<unknown>;

interface KnownRoom {
  readonly roomId: string;
  readonly server: string;
  readonly mode: string;
  readonly compat: string;
  readonly capacity: number;
  readonly private: boolean;
  readonly code: string;
}

export function createMirror() {
  const known: KnownRoom[] = [];
  const compatOf = new Map<string, string>();
  const boots = new Map<string, number>();
  let made = 0;
  let seq = 0;
  const bootOf = (server: string, ago: number) => `boot${(boots.get(server) ?? 0) - ago}`;
  const roomAt = (n: number): KnownRoom =>
    known[n % Math.max(1, known.length)] ?? {
      roomId: `${METRO}_1_unheard`,
      server: "1",
      mode: "arena",
      compat: "v1",
      capacity: 4,
      private: false,
      code: "",
    };

  function reservationOf(step: Extract<Step, { do: "reserve" }>["list"][number]): Reservation {
    const { ticket, seats, compat, mode, kind, capacity, avoid } = step;
    const suffix = `room${made++}`;
    compatOf.set(suffix, compat);
    const target: Reservation["target"] =
      kind === "best" || kind === "open"
        ? { kind, mode }
        : kind === "room"
          ? { kind, roomId: roomAt(step.room).roomId }
          : kind === "code"
            ? { kind, code: step.code }
            : { kind: "new", mode, private: kind === "private" };
    return { ticket, seats, compat, target, fresh: { seats: capacity, suffix, code: step.code }, avoid };
  }

  function beatOf({ server, boot, late, load, complete, ...step }: Extract<Step, { do: "beat" }>["beat"]): Heartbeat {
    const rooms = step.rooms.map(({ room, seated, locked }): RoomReport => {
      const { server: _server, ...rest } = roomAt(room);
      return { ...rest, seated: Math.min(seated, rest.capacity), locked, metadata: `{"n":${room}}` };
    });
    const ids = (numbers: readonly number[]) => numbers.map((n) => roomAt(n).roomId);
    const sat = step.sat.map(({ ticket, seat, room, generation }) =>
      generation === undefined
        ? { ticket, seat }
        : { ticket, seat, roomId: roomAt(room).roomId, generation: generation + 1 },
    );
    const lists = { rooms, sat, left: step.left, retire: ids(step.retire), gone: ids(step.gone) };
    return { server, boot: bootOf(server, boot), seq: late ? 1 : ++seq + 1, load, complete, ...lists };
  }

  return {
    questionOf(step: Exclude<Step, { do: "time" }>): Question {
      switch (step.do) {
        case "reserve": {
          const list = step.list.map(reservationOf);
          return (lobby) => Promise.all(list.map((one) => lobby.index.reserve(one)));
        }
        case "beat": {
          const said = beatOf(step.beat);
          return (lobby) => lobby.leases.heartbeat(said);
        }
        case "register": {
          const { server, seatsMax } = step;
          boots.set(server, (boots.get(server) ?? 0) + step.boot);
          const boot = bootOf(server, 0);
          const registration = { text: `${server}${boot}`, key: "", signature: "" };
          const offer = { server, boot, registration, modes: MODES, compats: COMPATS, seatsMax };
          return (lobby) => lobby.leases.register(offer);
        }
        case "release":
          return (lobby) => lobby.index.release(step.ticket);
        case "drain": {
          const boot = bootOf(step.server, step.boot);
          return (lobby) => lobby.leases.drain(step.server, boot);
        }
        case "pause":
          return (lobby) => lobby.index.setPaused(step.flag, step.paused);
        case "list": {
          const { mode, limit } = step;
          const after = step.after % 3 === 0 ? undefined : roomAt(step.after).roomId;
          return (lobby) => lobby.index.listRooms({ mode, after, limit });
        }
        case "registration":
          return (lobby) => lobby.index.registration(step.server);
        case "locate": {
          const { roomId } = roomAt(step.room);
          return (lobby) => lobby.index.locate(roomId);
        }
        case "claim": {
          const [player, owner] = [`player${step.player}`, `owner${step.owner}`];
          return (lobby) => (step.ends ? lobby.sessions.end(player, owner) : lobby.sessions.claim(player, owner, 0));
        }
      }
    },
    /** Remembers the rooms that an answer named. */
    learn(answer: unknown) {
      for (const reply of Array.isArray(answer) ? (answer as ReserveReply[]) : []) {
        if (reply.kind !== "RESERVED" || known.some(({ roomId }) => roomId === reply.roomId)) continue;
        const { roomId, server, mode, capacity, code } = reply;
        const compat = compatOf.get(roomId.split("_")[2]!) ?? "v1";
        known.push({ roomId, server, mode, compat, capacity, private: reply.private, code });
      }
    },
  };
}
