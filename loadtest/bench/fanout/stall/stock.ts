/**
 * The control: stock Colyseus with the same things in its schema state, quantized as finely, a StateView for each client, and one of
 * the transports that it ships.
 *
 * node stock.ts <near> <ws | uws>
 */
import { type Client, Room, Server } from "@colyseus/core";
import { Encoder, StateView } from "@colyseus/schema";
import { freePort } from "frontrow/dev/redis-child.ts";
import { answer } from "../talk.ts";
import { createThings, ENTITIES, ROW, TICK_MS, type Truth } from "../world.ts";
import { emptyThings, StockState, StockThing } from "./stock-state.ts";
import { type Kind, stockTransport } from "./stock-transport.ts";

export const STOCK_ROOM = "followed";
const near = Number(process.argv[2]);
/** The whole state fits in. */
Encoder.BUFFER_SIZE = 4_194_304;
/** Steps of a turn in eight bits. */
const TURN_STEPS = 256 / (2 * Math.PI);
/** Whom every client follows. */
const FOLLOWED = 0;

let asked: ((truth: Truth) => void)[] = [];

class StockRoom extends Room<{ state: StockState }> {
  override state = new StockState();
  override patchRate = null;
  readonly #swarm = createThings();
  readonly #things: StockThing[] = [];
  readonly #seen = new Map<Client, Set<number>>();

  override onCreate(): void {
    this.state.things = emptyThings();
    for (let at = 0; at < ENTITIES; at++) {
      const thing = new StockThing();
      this.#things.push(thing);
      this.state.things.set(`${at}`, thing);
    }
    this.#move();
    this.setSimulationInterval(() => this.#step(), TICK_MS);
  }

  override onJoin(client: Client): void {
    client.view = new StateView();
    this.#seen.set(client, new Set());
    this.#look();
  }

  override onDrop(client: Client): void {
    this.allowReconnection(client, 30).catch(() => {});
  }

  override onLeave(client: Client): void {
    this.#seen.delete(client);
  }

  #move(): void {
    const { x, y, angle, hp } = this.#swarm;
    for (let at = 0; at < ENTITIES; at++) {
      const thing = this.#things[at]!;
      thing.x = Math.round(x[at]!);
      thing.y = Math.round(y[at]!);
      thing.angle = Math.round(angle[at]! * TURN_STEPS) & 0xff;
      thing.hp = hp[at]!;
    }
  }

  #look(): void {
    const [middleX, middleY] = [this.#things[FOLLOWED]!.x, this.#things[FOLLOWED]!.y];
    for (const [client, seen] of this.#seen) {
      this.#things.forEach((thing, at) => {
        const isNear = (thing.x - middleX) ** 2 + (thing.y - middleY) ** 2 <= near ** 2;
        if (isNear === seen.has(at)) return;
        if (isNear) client.view!.add(thing);
        else client.view!.remove(thing);
        if (isNear) seen.add(at);
        else seen.delete(at);
      });
    }
  }

  #step(): void {
    this.#swarm.step();
    this.#move();
    this.#look();
    this.state.tick++;
    this.broadcastPatch();
    for (const hear of asked.splice(0)) hear({ tick: this.state.tick, rows: this.#rows() });
  }

  #rows(): Int32Array {
    const rows = new Int32Array(ENTITIES * ROW.length);
    this.#things.forEach(({ x, y, angle, hp }, at) => {
      rows.set([at, x, y, angle, hp], at * ROW.length);
    });
    return rows;
  }
}

const port = await freePort();
const server = new Server({ greet: false, transport: await stockTransport(process.argv[3] as Kind) });
server.define(STOCK_ROOM, StockRoom);
await server.listen(port, "127.0.0.1");

export type StockAnswers = {
  port(): number;
  /** Of the next tick. */
  truth(): Promise<Truth>;
};
answer<StockAnswers>({
  port: () => port,
  truth: () =>
    new Promise((resolve) => {
      asked = [...asked, resolve];
    }),
});
