/** Two hundred in a room of 20 Hz whose code takes some milliseconds for each player who comes back. */
import { type Client, Room } from "@colyseus/core";
import { type SchemaType, schema, t } from "@colyseus/schema";

const Bee = schema({ x: t.int16().default(0), y: t.int16().default(0) }, "Bee");
const SwarmState = schema({ ticks: t.uint32().default(0), bees: t.map(Bee) }, "SwarmState");
export type SwarmState = SchemaType<typeof SwarmState>;

/** Of computing, a player: together as long as eight ticks. */
const RETURN_MS = 2;

class SwarmRoom extends Room<{ state: SwarmState }> {
  override state = new SwarmState();
  override patchRate = null;

  override onCreate(): void {
    this.setFixedTimestep(() => {
      this.state.ticks++;
      for (const bee of this.state.bees.values()) bee.x = (bee.x + 1) % 1_000;
      this.broadcastPatch();
    }, 20);
  }

  override onReconnect(): void {
    const untilMs = performance.now() + RETURN_MS;
    while (performance.now() < untilMs);
  }

  override onJoin({ sessionId }: Client): void {
    this.state.bees.set(sessionId, new Bee());
  }
}

export const rooms = { swarm: SwarmRoom };
