/**
 * A joined room as one pane sees it. Colyseus' own machinery does the netcode: the pane's ship is moved at once by the
 * room's own `steer` and corrected when the room answers (`Reconciler`), all others are shown 100 ms in the past between two
 * patches (`lerp`). Shots fly straight, so they are computed from their start. The swarm comes on its stream.
 */
import { Predict, type Room } from "@colyseus/sdk";
import { followStream, type Placed } from "@frontrow/client/stream/live.ts";
import { TICK_HZ } from "../room/rules.ts";
import { shotAt } from "../room/shots.ts";
import type { ArenaInput, ArenaState, Intent, Ship, Shot } from "../room/state.ts";
import { steer } from "../room/steer.ts";
import { type SwarmKinds, swarmStream } from "../room/swarm-stream.ts";

/** Two patches: a late one is not seen. */
const PAST_MS = 100;
/** Patches are stamped a little early or late; the eye forgives 25 ms more delay rather than uneven speed. */
const EVEN_MS = 25;
/** Own shots leave the muzzle now and are in the others' time after this. */
const BLEND_MS = 400;
/** A jump longer than this is a new berth, not motion. */
const JUMP = 120;

export interface SeenShip {
  readonly id: string;
  readonly ship: Ship;
  readonly x: number;
  readonly y: number;
  readonly aim: number;
  readonly mine: boolean;
}

export interface SeenShot {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly angle: number;
  readonly owner: string;
  /** Flown to its end since the last frame; not shown again. */
  readonly ended: boolean;
}

export type SeenDrone = Placed<SwarmKinds>;
/** A drone that was shot since the last frame. */
export interface SeenBurst {
  readonly x: number;
  readonly y: number;
  readonly look: number;
}

export interface Seen {
  readonly ships: readonly SeenShip[];
  readonly shots: readonly SeenShot[];
  readonly drones: readonly SeenDrone[];
  readonly bursts: readonly SeenBurst[];
}

interface Flight extends Pick<Shot, "owner" | "x" | "y" | "angle" | "from"> {
  endMs: number;
  ended: boolean;
}

export interface Mirror {
  /** Sends the inputs that are due and says what to draw; once a frame. */
  frame(nowMs: number, intent: Intent): Seen;
  /** The pane's ship as the room last said it. */
  own(): Ship | undefined;
  stop(): void;
}

// biome-ignore lint/suspicious/noExplicitAny: the SDK's own default for a room type it does not know
export function createMirror(room: Room<any, ArenaState>): Mirror {
  const predict = Predict.get(room, { mode: "lerp", delay: PAST_MS });
  predict.attachAll("ships", { fields: ["x", "y"], mode: "lerp", snap: JUMP, smoothMs: EVEN_MS });
  predict.attachAll("ships", { fields: ["aim"], mode: "lerp", angle: true });
  const input = room.input<ArenaInput>();
  const swarm = followStream(room, swarmStream, { tickHz: TICK_HZ });
  const flights = new Map<string, Flight>();
  let bound: { ship: Ship; release(): void } | undefined;

  const own = () => room.state?.ships?.get(room.sessionId);

  /** The own ship's instance can change when a dropped connection comes back. */
  function bind(): void {
    const ship = own();
    if (ship === bound?.ship) return;
    bound?.release();
    bound = undefined;
    if (!ship) return;
    const reconciler = predict.reconciler(ship, {
      input,
      fields: ["x", "y", "alive"],
      step: (_context, state, command) => steer(state, command),
      snap: JUMP,
    });
    bound = { ship, release: () => reconciler.dispose() };
  }

  function seenShots(): SeenShot[] {
    const { shots } = room.state;
    for (const [id, { owner, x, y, angle, from, until }] of shots.entries()) {
      if (!flights.has(id)) flights.set(id, { owner, x, y, angle, from, endMs: until, ended: false });
    }
    const nowMs = room.clock.renderNow();
    const seen: SeenShot[] = [];
    for (const [id, flight] of flights) {
      const gone = !shots.has(id);
      if (gone) flight.endMs = Math.min(flight.endMs, room.clock.lastServerTime());
      const past = flight.owner === room.sessionId ? Math.min(1, Math.max(0, nowMs - flight.from) / BLEND_MS) : 1;
      const atMs = nowMs - PAST_MS * past;
      const ended = atMs >= flight.endMs;
      if (gone && ended) flights.delete(id);
      if (atMs < flight.from || flight.ended) continue;
      flight.ended = ended;
      const { angle, owner } = flight;
      seen.push({ id, ...shotAt(flight, Math.min(atMs, flight.endMs)), angle, owner, ended });
    }
    return seen;
  }

  return {
    own,
    frame(nowMs, intent) {
      bind();
      const { events } = swarm.advance();
      for (let due = predict.tick(nowMs); due > 0; due--) {
        Object.assign(input.data, intent, { seen: Math.max(0, Math.round(swarm.tick * 16)) });
        input.send();
      }
      const ships = [...(room.state?.ships?.entries() ?? [])].map(([id, ship]): SeenShip => {
        const mine = id === room.sessionId;
        const [x, y, aim] = [predict.value(ship, "x"), predict.value(ship, "y"), predict.value(ship, "aim")];
        return { id, ship, x, y, aim: mine ? intent.aim : aim, mine };
      });
      const bursts = events.map(({ x, y, fields }) => ({ x, y, look: fields.look }));
      return { ships, shots: room.state?.shots ? seenShots() : [], drones: [...swarm.shown()], bursts };
    },
    stop() {
      bound?.release();
      swarm.stop();
      predict.dispose();
    },
  };
}
