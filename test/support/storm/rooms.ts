/** Two hundred in a room of 20 Hz whose code takes a millisecond for each player who comes back, and remembers who sits where. */
import { type Client, Room } from "@colyseus/core";
import { type SchemaType, schema, t } from "@colyseus/schema";
import { createTickWatch, type TicksMissed } from "../tick-watch.ts";

/** `mark`: what its player said of himself when he sat down. */
const Bee = schema({ x: t.int16().default(0), mark: t.uint32().default(0) }, "Bee");
const SwarmState = schema({ ticks: t.uint32().default(0), bees: t.map(Bee) }, "SwarmState");
export type SwarmState = SchemaType<typeof SwarmState>;

export interface SwarmReport {
  /** Session ids, one a connection that sits. */
  readonly sitting: readonly string[];
  readonly joins: number;
  /** When players came back, on the process' clock; ms. */
  readonly returnsMs: readonly number[];
  /** Who said on a later connection what he had said on an earlier one. */
  readonly known: number;
  readonly missed: TicksMissed;
}

const TICK_HZ = 20;
/** Of computing, a player: all of them together are as long as twenty ticks. */
const RETURN_MS = 1;

class SwarmRoom extends Room<{ state: SwarmState }> {
  override state = new SwarmState();
  override patchRate = null;
  #joins = 0;
  #known = 0;
  readonly #returnsMs: number[] = [];
  readonly #ticks = createTickWatch(1_000 / TICK_HZ, () => this.clock.elapsedTime);

  override onCreate(): void {
    this.setFixedTimestep(() => {
      this.#ticks.tick();
      this.state.ticks++;
      for (const bee of this.state.bees.values()) bee.x = (bee.x + 1) % 1_000;
      this.broadcastPatch();
    }, TICK_HZ);
    this.onMessage("mark", ({ sessionId }, mark: number) => {
      const bee = this.state.bees.get(sessionId)!;
      if (bee.mark === mark) this.#known++;
      bee.mark = mark;
    });
    this.onMessage("report", (client) => client.send("report", this.#report()));
  }

  override onReconnect(): void {
    const beganMs = performance.now();
    this.#returnsMs.push(beganMs);
    while (performance.now() < beganMs + RETURN_MS);
  }

  override onJoin({ sessionId }: Client): void {
    this.#joins++;
    this.state.bees.set(sessionId, new Bee());
  }

  #report(): SwarmReport {
    const sitting = this.clients.map(({ sessionId }) => sessionId);
    return {
      sitting,
      joins: this.#joins,
      returnsMs: this.#returnsMs,
      known: this.#known,
      missed: this.#ticks.missed(),
    };
  }
}

export const rooms = { swarm: SwarmRoom };
