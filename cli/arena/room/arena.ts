/**
 * The arena: an ordinary Colyseus room. State is small and goes out as schema patches; inputs come numbered and are
 * answered with the last one taken (`defineInput`), so that the page can move its own ship at once and be corrected.
 */
import { type Client, Room, validate } from "@colyseus/core";
import * as z from "zod";
import { JoinOptions } from "./join-options.ts";
import { createPilot, type Pilot } from "./pilot.ts";
import { BOTS_MAX, SHIP, TICK_HZ } from "./rules.ts";
import { launch } from "./ships.ts";
import { ArenaInput, ArenaState, type Intent } from "./state.ts";
import { stepArena } from "./step.ts";

const BOT_NAMES = ["Iris", "Otto", "Vega", "Juno", "Rex", "Nova", "Pike", "Wren"] as const;
const KEEP_PLACE_S = 30;

export class ArenaRoom extends Room<{
  state: ArenaState;
  metadata: { players: number; bots: number };
  input: ArenaInput;
}> {
  override state = new ArenaState();
  override inputs = this.defineInput(ArenaInput, { bufferMaxSize: 2 * (1 + SHIP.arrears) });
  override messages = {
    /** How many bots the room shall have; anybody in it may say so. */
    bots: validate(z.object({ count: z.int().min(0).max(BOTS_MAX) }), (_client: Client, { count }: { count: number }) =>
      this.setBots(count),
    ),
  };
  readonly #pilots = new Map<string, Pilot>();
  #launched = 0;
  #fired = 0;

  override onCreate(): void {
    this.setFixedTimestep(() => this.#step(), TICK_HZ);
  }

  override onJoin(client: Client, options?: unknown): void {
    const name = JoinOptions.safeParse(options).data?.name ?? `Player ${this.#launched + 1}`;
    launch(this.state, client.sessionId, { name, look: this.#launched++, bot: false });
    void this.#describe();
  }

  override onDrop(client: Client): void {
    // Rejects when the place is not taken up again; `onLeave` follows then.
    this.allowReconnection(client, KEEP_PLACE_S).catch(() => {});
  }

  override onLeave(client: Client): void {
    this.state.ships.delete(client.sessionId);
    void this.#describe();
  }

  setBots(count: number): void {
    for (let index = 0; index < BOTS_MAX; index++) {
      const id = `bot-${index}`;
      if (index >= count) {
        this.#pilots.delete(id);
        this.state.ships.delete(id);
      } else if (!this.#pilots.has(id)) {
        this.#pilots.set(id, createPilot(Math.random));
        launch(this.state, id, { name: BOT_NAMES[index]!, look: this.#launched++, bot: true });
      }
    }
    void this.#describe();
  }

  #step(): void {
    stepArena(this.state, {
      nowMs: Math.round(this.clock.elapsedTime),
      take: (id, limit) => this.#take(id, limit),
      newShotId: () => `${this.#fired++}`,
    });
  }

  #take(id: string, limit: number): readonly Intent[] {
    const pilot = this.#pilots.get(id);
    return pilot ? [pilot(this.state.ships.get(id)!, this.state)] : this.inputs.get(id).take(limit);
  }

  /** What the list of rooms says about this one. */
  #describe(): Promise<void> {
    return this.setMetadata({ players: this.clients.length, bots: this.#pilots.size });
  }
}
