/**
 * The arena: an ordinary Colyseus room. Ships and shots are schema state and go out as patches; inputs come numbered and are answered
 * with the last one taken (`defineInput`), so that the page can move its own ship at once and be corrected. What drifts about by the
 * hundred goes out on a stream, to each player what is near.
 */
import { type Client, definePlugins, Room, validate } from "@colyseus/core";
import { REWIND_MAX_MS } from "@frontrow/game-server/hot/as-seen.ts";
import { StreamPlugin } from "@frontrow/game-server/hot/stream-plugin.ts";
import { MatchPlugin } from "@frontrow/game-server/plugin.ts";
import * as z from "zod";
import { createBots } from "./bots.ts";
import type { Point } from "./geometry.ts";
import { JoinOptions } from "./join-options.ts";
import { BOTS_MAX, DRONE, KEEP_PLACE_S, SHIP, SIGHT, TICK_HZ } from "./rules.ts";
import { launch } from "./ships.ts";
import type { Sight } from "./shots.ts";
import { createShipSight } from "./sight.ts";
import { ArenaInput, ArenaState, type Intent, type Shot } from "./state.ts";
import { stepArena } from "./step.ts";
import { createSwarm } from "./swarm.ts";
import { swarmStream } from "./swarm-stream.ts";

export class ArenaRoom extends Room<{
  state: ArenaState;
  metadata: { players: number; bots: number };
  input: ArenaInput;
}> {
  override state = new ArenaState();
  override plugins = definePlugins([new MatchPlugin(), new StreamPlugin(swarmStream, { tickHz: TICK_HZ })]);
  override inputs = this.defineInput(ArenaInput, { bufferMaxSize: 2 * (1 + SHIP.arrears) });
  override messages = {
    /** How many bots the room shall have; anybody in it may say so. */
    bots: validate(z.object({ count: z.int().min(0).max(BOTS_MAX) }), (_client: Client, { count }: { count: number }) =>
      this.setBots(count),
    ),
  };
  readonly #bots = createBots(this.state, Math.random);
  readonly #swarm = createSwarm(this.plugins.stream.world, DRONE.count, Math.random);
  readonly #rewind = this.allowRewindState({ maxRewindMs: REWIND_MAX_MS });
  readonly #ships = createShipSight(this, this.#rewind);
  /** The tick of the swarm that each player showed in its newest input. */
  readonly #seen = new Map<string, number>();
  #launched = 0;
  #fired = 0;

  override onCreate(): void {
    this.#rewind.attachAll(this.state.ships, { fields: ["x", "y"] });
    this.setFixedTimestep(() => this.#step(), TICK_HZ);
  }

  override onJoin(client: Client, options?: unknown): void {
    const name = JoinOptions.safeParse(options).data?.name ?? `Player ${this.#launched + 1}`;
    launch(this.state, client.sessionId, { name, look: this.#launched++, bot: false });
    this.plugins.stream.follow(client, SIGHT);
    void this.#describe();
  }

  override onDrop(client: Client): void {
    // Rejects when the place is not taken up again; `onLeave` follows then.
    this.allowReconnection(client, KEEP_PLACE_S).catch(() => {});
  }

  override onLeave(client: Client): void {
    this.state.ships.delete(client.sessionId);
    this.#seen.delete(client.sessionId);
    this.plugins.stream.unfollow(client);
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
    this.#swarm.step();
    stepArena(this.state, {
      nowMs: Math.round(this.clock.elapsedTime),
      take: (id, limit) => this.#take(id, limit),
      newShotId: () => `${this.#fired++}`,
      sight: (id) => this.#sight(id),
      targets: { shipAt: this.#ships.shipAt, other: (shot, from, to) => this.#drone(shot, from, to) },
    });
    for (const client of this.clients) {
      const ship = this.state.ships.get(client.sessionId);
      if (ship) this.plugins.stream.look(client, ship.x, ship.y);
    }
    this.plugins.stream.send();
  }

  #take(id: string, limit: number): readonly Intent[] {
    const intent = this.#bots.intent(id);
    if (intent) return [intent];
    const taken = this.inputs.get(id).take(limit);
    const newest = taken.at(-1);
    if (newest) this.#seen.set(id, newest.seen / 16);
    return taken;
  }

  #sight(id: string): Sight {
    const client = this.clients.getById(id);
    const seen = this.#seen.get(id);
    const { stream } = this.plugins;
    const agoSteps = client && seen ? stream.tick - stream.asSeenBy(client, seen).tick : 0;
    return { agoMs: this.#ships.agoMs(id), agoSteps };
  }

  /** The first drone on a stretch of a shot's way, where its shooter saw it. */
  #drone({ agoSteps, owner }: Shot, from: Point, to: Point) {
    const { stream } = this.plugins;
    const then = stream.asOf(stream.tick - agoSteps);
    const met = this.#swarm.firstHit(from, to, then.place);
    if (!met) return undefined;
    const hit = () => {
      this.#swarm.shoot(met.id);
      const shooter = this.state.ships.get(owner);
      if (shooter?.alive) shooter.health = Math.min(SHIP.health, shooter.health + 1);
    };
    return { along: met.along, hit };
  }

  /** What the list of rooms says about this one. */
  #describe(): Promise<void> {
    return this.setMetadata({ players: this.clients.length, bots: this.#bots.size });
  }
}
