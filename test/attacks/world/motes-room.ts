/**
 * The motes' room. Who says "follow" is sent the stream; "begin" sends it to everybody else at the same tick, so that a thousand stall at
 * once and not one after another. It weighs its process when it is asked to, and says what became of its ticks and of those who dropped.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type Client, definePlugins, Room } from "@colyseus/core";
import { StreamPlugin } from "@frontrow/game-server/hot/stream-plugin.ts";
import { MatchPlugin } from "@frontrow/game-server/plugin.ts";
import type { EntityId } from "@frontrow/game-server/stream/stream.ts";
import { createTickWatch, type TicksMissed } from "../../support/tick-watch.ts";
import { MOTES, MOTES_HZ, MOTES_SIGHT, moteAt, motesStream } from "./motes.ts";

/** Of the whole process, bytes, after a collection. */
export interface Weight {
  readonly rss: number;
  readonly heap: number;
}

export interface MotesReport {
  readonly tick: number;
  readonly clients: number;
  /** Of the stream. */
  readonly viewers: number;
  readonly missed: TicksMissed;
  /** The ticks at which connections broke, and with which code. */
  readonly drops: readonly { readonly tick: number; readonly code: number }[];
}

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");
function weigh(): Weight {
  collect();
  const { rss, heapUsed: heap } = process.memoryUsage();
  return { rss, heap };
}
/** How long a place is kept for who comes back; nobody does. */
const KEPT_S = 1;

export class MotesRoom extends Room {
  override plugins = definePlugins([new MatchPlugin(), new StreamPlugin(motesStream, { tickHz: MOTES_HZ })]);
  override patchRate = null;
  readonly #motes: EntityId<"mote">[] = [];
  readonly #drops: MotesReport["drops"][number][] = [];
  readonly #ticks = createTickWatch(1_000 / MOTES_HZ, () => this.clock.elapsedTime);

  override onCreate(): void {
    const { world } = this.plugins.stream;
    for (let at = 0; at < MOTES; at++) this.#motes.push(world.spawn("mote", { ...moteAt(at, 0), at }));
    this.onMessage("follow", (client) => this.#follow(client));
    this.onMessage("begin", () => {
      for (const client of this.clients) this.#follow(client);
    });
    this.onMessage("report", (client) => client.send("report", this.#report()));
    this.onMessage("weigh", (client) => client.send("weigh", weigh()));
    this.setFixedTimestep(() => this.#step(), MOTES_HZ);
  }

  override onDrop(client: Client, code: number): void {
    this.#drops.push({ tick: this.plugins.stream.tick, code });
    // Rejects when nobody came back; `onLeave` follows then.
    this.allowReconnection(client, KEPT_S).catch(() => {});
  }

  override onLeave(client: Client): void {
    this.plugins.stream.unfollow(client);
  }

  #follow(client: Client): void {
    this.plugins.stream.follow(client, MOTES_SIGHT);
    this.plugins.stream.look(client, 500, 500);
  }

  #step(): void {
    this.#ticks.tick();
    const { stream } = this.plugins;
    for (let at = 0; at < MOTES; at++) {
      const { x, y, mark } = moteAt(at, stream.tick + 1);
      stream.world.move(this.#motes[at]!, x, y);
      stream.world.set(this.#motes[at]!, "mark", mark);
    }
    stream.send();
  }

  #report(): MotesReport {
    const { tick, world } = this.plugins.stream;
    const { viewers } = world.stats;
    const clients = this.clients.length;
    return { tick, clients, viewers, missed: this.#ticks.missed(), drops: this.#drops };
  }
}
