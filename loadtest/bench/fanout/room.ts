/** An ordinary room with the stream: everything moves, every client follows one thing, an input turns it. */
import { type Client, definePlugins, Room } from "@colyseus/core";
import { StreamPlugin } from "@frontrow/game-server/hot/stream-plugin.ts";
import { arena, createThings, ENTITIES, INPUT_MESSAGE, INPUT_TURN, ROW, TICK_HZ, type Truth } from "./world.ts";

const INPUT_BYTES = 4;

export interface FollowedRoomOptions {
  /** What a client sees, around its thing. */
  readonly near: number;
  readonly keepPlaceS: number;
  /** Hears when a tick begins. */
  readonly began: (tick: number) => void;
}

export function createFollowedRoom({ near, keepPlaceS, began }: FollowedRoomOptions) {
  let asked: ((truth: Truth) => void)[] = [];

  class FollowedRoom extends Room {
    override patchRate = null;
    override plugins = definePlugins([new StreamPlugin(arena, { tickHz: TICK_HZ })]);
    readonly #things = createThings();
    readonly #ids = Array.from({ length: ENTITIES }, (_, at) =>
      this.plugins.stream.world.spawn("thing", { x: this.#things.x[at]!, y: this.#things.y[at]! }),
    );
    readonly #followed = new Map<
      Client,
      { readonly thing: number; readonly eyes: ReturnType<StreamPlugin<never, never>["follow"]> }
    >();

    override onCreate(): void {
      this.onMessageBytes(INPUT_MESSAGE, (client: Client, bytes: Uint8Array) => this.#hear(client, bytes));
      this.setTimestep(() => this.#step(), 1_000 / TICK_HZ);
    }

    override onJoin(client: Client, { follows }: { follows: number }): void {
      this.#followed.set(client, { thing: follows % ENTITIES, eyes: this.plugins.stream.follow(client, { near }) });
    }

    override onDrop(client: Client): void {
      // Rejects when nobody comes back; `onLeave` follows then.
      if (keepPlaceS > 0) this.allowReconnection(client, keepPlaceS).catch(() => {});
    }

    override onLeave(client: Client): void {
      this.#followed.delete(client);
      this.plugins.stream.unfollow(client);
    }

    /** A number and a wish: -127 to 127. */
    #hear(client: Client, bytes: Uint8Array): void {
      const followed = this.#followed.get(client);
      if (!followed || bytes.length !== INPUT_BYTES) return;
      this.#things.angle[followed.thing]! += (((bytes[3]! << 24) >> 24) / 127) * INPUT_TURN;
    }

    #step(): void {
      const { stream } = this.plugins;
      began(stream.tick + 1);
      const { x, y, angle, hp } = this.#things;
      this.#things.step();
      for (let at = 0; at < ENTITIES; at++) {
        stream.world.move(this.#ids[at]!, x[at]!, y[at]!, angle[at]!);
        stream.world.set(this.#ids[at]!, "hp", hp[at]!);
      }
      for (const { thing, eyes } of this.#followed.values()) eyes.look(x[thing]!, y[thing]!);
      stream.send();
      if (asked.length > 0) this.#tell(stream.tick);
    }

    #tell(tick: number): void {
      const rows = new Int32Array(ENTITIES * ROW.length);
      let end = 0;
      for (const { id, x, y, angle, fields } of this.plugins.stream.world.all()) {
        rows.set([id, x, y, angle, fields[0]!], end);
        end += ROW.length;
      }
      for (const hear of asked.splice(0)) hear({ tick, rows });
    }
  }

  return {
    FollowedRoom,
    truth: () =>
      new Promise<Truth>((resolve) => {
        asked = [...asked, resolve];
      }),
  };
}
