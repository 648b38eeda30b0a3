/** The arena's swarm as its players see it: `frontrow dev`, real sockets, a far and uneven link, and a client that stops reading. */

import { Client as StockClient } from "@colyseus/sdk";
import { createClient, type Played } from "@frontrow/client";
import { createMemoryStorage } from "@frontrow/client/kept-seat.ts";
import { followStream, type LiveStream } from "@frontrow/client/stream/live.ts";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type config from "../../cli/arena/frontrow.config.ts";
import { DRONE, TICK_HZ } from "../../cli/arena/room/rules.ts";
import type { ArenaState } from "../../cli/arena/room/state.ts";
import { type SwarmEvents, type SwarmKinds, swarmStream } from "../../cli/arena/room/swarm-stream.ts";
import { startDelayProxy } from "../../cli/dev/delay-proxy.ts";
import { type FrontrowProcess, startFrontrow } from "../support/frontrow.ts";

type Swarm = LiveStream<SwarmKinds, SwarmEvents>;
const soon = { timeout: 15_000, interval: 50 };

describe("the swarm of the arena", () => {
  let dev: FrontrowProcess;
  const closing: (() => unknown)[] = [];
  beforeAll(async () => {
    dev = await startFrontrow("dev");
  }, 60_000);
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });
  afterAll(async () => void (await dev?.end("SIGKILL")));

  async function sit(url = dev.url): Promise<Played<ArenaState>> {
    const client = createClient<typeof config>({ url });
    closing.push(() => client.close());
    const played = await client.play("arena");
    if (!played.ok) throw new Error(`${played.code}: ${played.message}`);
    closing.push(() => played.room.leave());
    return played;
  }
  function watch(room: Played<ArenaState>["room"]): Swarm {
    const swarm = followStream(room, swarmStream, { tickHz: TICK_HZ });
    const drawing = setInterval(() => swarm.advance(), 16);
    closing.push(() => clearInterval(drawing));
    return swarm;
  }

  it("[AR23] players see the drones around them, moving, and so does a stock SDK", async () => {
    const { room } = await sit();
    const swarm = watch(room);
    await vi.waitFor(() => expect([...swarm.shown()].length).toBeGreaterThan(30), soon);
    const before = new Map([...swarm.shown()].map(({ entity, x, y }) => [entity.id, { x, y }]));
    await vi.waitFor(() => {
      const moved = [...swarm.shown()].filter(({ entity, x, y }) => {
        const was = before.get(entity.id);
        return was && Math.hypot(x - was.x, y - was.y) > 20;
      });
      expect(moved.length).toBeGreaterThan(10);
    }, soon);
    expect(swarm.restarts).toBe(0);

    const stock = await new StockClient(dev.url).joinOrCreate("arena");
    closing.push(() => stock.leave());
    const seen = followStream(stock, swarmStream, { tickHz: TICK_HZ });
    await vi.waitFor(() => {
      seen.advance();
      expect([...seen.shown()].length).toBeGreaterThan(30);
    }, soon);
  });

  // Colyseus makes a new client object each time that a player comes back, and points only the one before it at the new connection:
  // a stream that had kept the first was sent to a connection that was closed from the second time on, and nobody was told.
  it("[SL13] a player goes on being sent the stream however often he drops and comes back, or takes his seat over", async () => {
    const storage = createMemoryStorage();
    const open = () => {
      const client = createClient<typeof config>({ url: dev.url, storage });
      closing.push(() => client.close());
      return client;
    };
    const played = await open().play("arena");
    if (!played.ok) throw new Error(played.message);
    const { room } = played;
    const swarm = watch(room);
    await vi.waitFor(() => expect(swarm.tick).toBeGreaterThan(0), soon);
    for (let time = 1; time <= 3; time++) {
      // Colyseus' SDK comes back by itself to a room in which it was for a while.
      await new Promise((resolve) => setTimeout(resolve, 1_200));
      let isBack = false;
      room.onReconnect(() => {
        isBack = true;
      });
      room.connection.close(4010);
      await vi.waitFor(() => expect(isBack).toBe(true), soon);
      const { tick } = swarm;
      await vi.waitFor(() => expect(swarm.tick, `after ${time}`).toBeGreaterThan(tick + 10), soon);
    }
    for (let time = 1; time <= 2; time++) {
      const back = await open().resume();
      if (!back.ok) throw new Error(back.message);
      closing.push(() => back.room.connection.isOpen && back.room.leave());
      const again = watch(back.room as typeof room);
      await vi.waitFor(() => expect(again.tick, `taken over ${time}`).toBeGreaterThan(0), soon);
      const { tick } = again;
      await vi.waitFor(() => expect(again.tick).toBeGreaterThan(tick + 10), soon);
    }
  }, 40_000);

  it("[AR24] over a link of 150 ms and 40 ms of jitter drones move evenly, and nobody is sent less for it", async () => {
    const far = await startDelayProxy({
      port: 0,
      target: { host: "127.0.0.1", port: dev.port },
      roundTripMs: 150,
      jitterMs: 40,
    });
    closing.push(() => far.close());
    const { room } = await sit(`http://127.0.0.1:${far.port}`);
    const swarm = followStream(room, swarmStream, { tickHz: TICK_HZ });
    const steps: { ms: number; by: number }[] = [];
    let last: { atMs: number; places: Map<number, { x: number; y: number }> } | undefined;
    const beganMs = performance.now();
    const draw = () => {
      swarm.advance();
      const atMs = performance.now();
      const places = new Map([...swarm.shown()].map(({ entity, x, y }) => [entity.id, { x, y }]));
      if (last && atMs - beganMs > 6_000) {
        for (const [id, { x, y }] of places) {
          const was = last.places.get(id);
          if (was) steps.push({ ms: atMs - last.atMs, by: Math.hypot(x - was.x, y - was.y) });
        }
      }
      last = { atMs, places };
    };
    const drawing = setInterval(draw, 16);
    await vi.waitFor(() => expect(steps.length).toBeGreaterThan(5_000), { timeout: 20_000, interval: 100 });
    clearInterval(drawing);
    // No drone jumps: between two pictures none moves further than the fastest flies in three ticks.
    expect(Math.max(...steps.map(({ by }) => by))).toBeLessThan((DRONE.fastest / TICK_HZ) * 3);
    const { tick, restarts } = swarm;
    expect(restarts).toBe(0);
    await vi.waitFor(() => {
      swarm.advance();
      expect(swarm.tick).toBeGreaterThan(tick + 10);
    }, soon);
  });

  it("[SL3] one that does not read for four seconds goes on over the same connection, and sees what the server sends", async () => {
    const far = await startDelayProxy({ port: 0, target: { host: "127.0.0.1", port: dev.port }, roundTripMs: 2 });
    closing.push(() => far.close());
    const [{ room }, { room: near }] = [await sit(`http://127.0.0.1:${far.port}`), await sit()];
    const [swarm, witness] = [watch(room), watch(near)];
    await vi.waitFor(() => expect([...swarm.shown()].length).toBeGreaterThan(30), soon);
    // One that begins to listen late asks for everything once.
    const { restarts } = swarm;
    let dropped = 0;
    room.onDrop(() => dropped++);
    far.stall(true);
    // It had begun to read nothing, and was sent nothing any more.
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    far.stall(false);
    await vi.waitFor(() => expect(swarm.tick).toBeGreaterThan(witness.tick - 10), soon);
    const { tick } = swarm;
    await vi.waitFor(() => expect(swarm.tick).toBeGreaterThan(tick + 60), soon);
    // Frames, and not only time: what they say of a drone is not what they said a moment ago.
    const said = new Map([...swarm.shown()].map(({ entity }) => [entity.id, entity.x]));
    await vi.waitFor(() => {
      const moved = [...swarm.shown()].filter(({ entity }) => said.has(entity.id) && said.get(entity.id) !== entity.x);
      expect(moved.length).toBeGreaterThan(10);
    }, soon);
    expect([dropped, swarm.restarts]).toEqual([0, restarts]);
  }, 40_000);

  it("[AR25] one that does not read for twelve seconds is dropped, comes back by itself, and sees what the others see", async () => {
    const far = await startDelayProxy({ port: 0, target: { host: "127.0.0.1", port: dev.port }, roundTripMs: 2 });
    closing.push(() => far.close());
    const [{ room }, { room: near }] = [await sit(`http://127.0.0.1:${far.port}`), await sit()];
    expect(near.roomId).toBe(room.roomId);
    const [swarm, witness] = [watch(room), watch(near)];
    await vi.waitFor(() => expect([...swarm.shown()].length).toBeGreaterThan(30), soon);
    // Colyseus' SDK comes back by itself to a room in which it was for five seconds.
    await new Promise((resolve) => setTimeout(resolve, 5_500));
    let dropped = 0;
    room.onDrop(() => dropped++);
    far.stall(true);
    await new Promise((resolve) => setTimeout(resolve, 12_000));
    far.stall(false);
    await vi.waitFor(() => expect(dropped).toBe(1), soon);
    await vi.waitFor(() => expect(room.connection.isOpen && swarm.tick > witness.tick - 10).toBe(true), soon);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    // Both at the same tick: whom both see is in the same place.
    const places = (of: Swarm) => new Map([...of.shown()].map(({ entity }) => [entity.id, entity]));
    await vi.waitFor(() => {
      const [mine, theirs] = [places(swarm), places(witness)];
      const both = [...mine.keys()].filter((id) => theirs.has(id));
      expect(both.length).toBeGreaterThan(10);
      const off = both.filter((id) => {
        const [a, b] = [mine.get(id)!, theirs.get(id)!];
        return Math.hypot(a.x - b.x, a.y - b.y) > (3 * DRONE.fastest) / TICK_HZ;
      });
      expect(off).toEqual([]);
    }, soon);
    const { tick } = swarm;
    await vi.waitFor(() => expect(swarm.tick).toBeGreaterThan(tick + 20), soon);
  }, 60_000);
});
