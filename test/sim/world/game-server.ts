/**
 * A game server, as far as the index hears of it: rooms made by the first seat that is taken in them, seats sat in once a generation and
 * never beyond capacity, absolute truth in every heartbeat, everything again when the index knows nothing. One process after another.
 */
import type { HeartbeatReply, SatSeat, SeatRef } from "@frontrow/lobby/lobby.ts";
import { every } from "@frontrow/shared/clock.ts";
import type { SeatClaims } from "@frontrow/shared/seat-token.ts";
import { createMachine, type Machine } from "../engine/machine.ts";
import { METRO, type World } from "../words.ts";
import { createIndexLink } from "./index-link.ts";

export const COMPATS = ["v1", "v2"];
const SEATS_MAX = 400;

interface Room {
  readonly roomId: string;
  readonly mode: string;
  readonly compat: string;
  readonly capacity: number;
  readonly seats: Map<string, SatSeat & { readonly player: string }>;
}

export interface GameServer {
  readonly machine: Machine;
  readonly boot: string;
  /** Whether the token opened its seat; `left` is called once when that ends. */
  sit(claims: SeatClaims, left: () => void): boolean;
}

export function createGameServer(world: World, server: string, boot: string): GameServer {
  const { scheduler, modes } = world;
  const dice = world.dice.fork();
  const machine = createMachine(`server ${server} ${boot}`, scheduler, dice.fork());
  const { leases } = createIndexLink(world, machine, { hasLastWords: false });
  const rooms = new Map<string, Room>();
  const over = new Set<string>();
  const leavers = new Map<string, () => void>();
  let left: SeatRef[] = [];
  let gone: string[] = [];
  let seq = 0;
  let isBeating = false;
  let isKnown = false;
  /** The index's clock, as its last answer said. */
  let indexMs = { atMs: 0, nowMs: machine.wallMs() };

  async function beat(): Promise<void> {
    if (isBeating) return;
    isBeating = true;
    try {
      if (!isKnown) await register();
      const reply = await say();
      indexMs = { atMs: machine.clock.nowMs(), nowMs: reply.nowMs };
      // STALE: an index that was rolled back remembers an earlier boot. Whoever looks after servers starts this one again.
      if (reply.kind !== "ALIVE") isKnown = false;
    } catch {
      // The index is away: said again with the next heartbeat.
    }
    isBeating = false;
    if (!isKnown) machine.clock.after(50, () => void beat());
  }

  async function register(): Promise<void> {
    const text = JSON.stringify({ metro: METRO, server, boot, publicAddress: "", secure: false, seatKey: "k" });
    const registration = { text, key: "", signature: "" };
    await leases.register({
      server,
      boot,
      registration,
      modes: Object.keys(modes),
      compats: COMPATS,
      seatsMax: SEATS_MAX,
    });
    isKnown = true;
  }

  async function say(): Promise<HeartbeatReply> {
    const reports = [...rooms.values()].map(({ roomId, mode, compat, capacity, seats }) => ({
      ...{
        roomId,
        mode,
        compat,
        capacity,
        seated: seats.size,
        locked: false,
        private: true,
        code: "",
        metadata: "null",
      },
      match: true,
    }));
    const sat = [...rooms.values()].flatMap(({ seats }) => [...seats.values()]);
    const said = { left, gone };
    const reply = await leases.heartbeat({
      ...{
        server,
        boot,
        seq: ++seq,
        load: Math.min(1, sat.length / SEATS_MAX),
        rooms: reports,
        complete: true,
        sat,
        retire: [],
      },
      ...said,
    });
    if (reply.kind === "ALIVE") {
      left = left.slice(said.left.length);
      gone = gone.slice(said.gone.length);
    }
    return reply;
  }

  function end(room: Room): void {
    rooms.delete(room.roomId);
    over.add(room.roomId);
    gone = [...gone, room.roomId];
    for (const { ticket, seat, player } of room.seats.values()) {
      left = [...left, { ticket, seat, player, match: true }];
      leave(`${ticket}/${seat}`);
    }
  }

  function leave(key: string): void {
    const told = leavers.get(key);
    leavers.delete(key);
    told?.();
  }

  function roomOf({ room: roomId, mode, compat, seats: capacity }: SeatClaims): Room {
    const room = rooms.get(roomId) ?? { roomId, mode, compat, capacity, seats: new Map() };
    if (!rooms.has(roomId)) machine.clock.after(dice.between(2_000, 8_000), () => end(room));
    rooms.set(roomId, room);
    return room;
  }

  every(machine.clock, world.limits.heartbeatMs, () => void beat());
  void beat();
  machine.onKilled(() => {
    for (const key of [...leavers.keys()]) leave(key);
  });

  return {
    machine,
    boot,
    sit(claims, told) {
      const nowMs = indexMs.nowMs + machine.clock.nowMs() - indexMs.atMs;
      if (machine.state !== "runs" || claims.boot !== boot || claims.exp < nowMs || over.has(claims.room)) return false;
      const { seats, capacity } = roomOf(claims);
      const { ticket, seat, gen: generation, player, room: roomId } = claims;
      const key = `${ticket}/${seat}`;
      const there = seats.get(key);
      if (there ? there.generation! >= generation : seats.size >= capacity) return false;
      seats.set(key, { ticket, seat, generation, player, match: true, roomId });
      leavers.set(key, told);
      return true;
    },
  };
}
