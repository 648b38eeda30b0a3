/**
 * The arena: an ordinary Colyseus room. State is small and goes out as schema patches; inputs come numbered and are
 * answered with the last one taken (`defineInput`), so that the page can move its own ship at once and be corrected.
 */
import { type Client, Room, validate } from "@colyseus/core";
import * as z from "zod";
import { createBots } from "./bots.ts";
import { JoinOptions } from "./join-options.ts";
import { BOTS_MAX, KEEP_PLACE_S, SHIP, TICK_HZ } from "./rules.ts";
import { launch } from "./ships.ts";
import { ArenaInput, ArenaState, type Intent } from "./state.ts";
import { stepArena } from "./step.ts";

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
  readonly #bots = createBots(this.state, Math.random);
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
      if (index >= count) this.#bots.remove(index);
      else if (!this.#bots.has(index)) this.#bots.add(index, { look: this.#launched++ });
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
    const intent = this.#bots.intent(id);
    return intent ? [intent] : this.inputs.get(id).take(limit);
  }

  /** What the list of rooms says about this one. */
  #describe(): Promise<void> {
    return this.setMetadata({ players: this.clients.length, bots: this.#bots.size });
  }
}
