/** Inputs that an honest page would not send: replayed, from the future, too many, another's. A ship flies no faster for them. */
import { type Room, Client as StockClient } from "@colyseus/sdk";
import { afterEach, describe, expect, it, vi } from "vitest";
import { SHIP, TICK_HZ } from "../../cli/arena/room/rules.ts";
import type { ArenaInput, ArenaState } from "../../cli/arena/room/state.ts";
import { devScene } from "./tools/scene.ts";

const scene = devScene();
const rooms: Room[] = [];
afterEach(async () => {
  for (const room of rooms.splice(0)) await room.leave().catch(() => {});
});

type Sent = { send(frame: Uint8Array): void };

/** A player whose frames can be read and sent again. */
async function sit() {
  // biome-ignore lint/suspicious/noExplicitAny: the SDK's own default for a room type it does not know
  const room: Room<any, ArenaState> = await new StockClient(scene.url).joinOrCreate("arena");
  rooms.push(room);
  const frames: Uint8Array[] = [];
  const line = room.connection as unknown as Sent;
  const send = line.send.bind(line);
  line.send = (frame) => {
    frames.push(Uint8Array.from(frame));
    send(frame);
  };
  const input = room.input<ArenaInput>();
  const own = () => room.state.ships.get(room.sessionId)!;
  await vi.waitFor(() => expect(own()).toBeDefined(), { timeout: 10_000 });
  return { room, frames, send, input, own };
}
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("inputs of a ship", () => {
  /** Flies it for a second, each input passed on by `pass`; how far it came, and how far it may. */
  async function flown(pass: (frame: Uint8Array, send: (frame: Uint8Array) => void) => void) {
    const { frames, send, input, own } = await sit();
    const { x, y } = own();
    const towards = x < 800 ? 1 : -1;
    const beganMs = performance.now();
    for (let i = 0; i < TICK_HZ; i++) {
      Object.assign(input.data, { x: towards, y: 0, aim: 0, fire: false });
      input.send();
      pass(frames.at(-1)!, send);
      await sleep(1_000 / TICK_HZ);
    }
    await sleep(300);
    const seconds = (performance.now() - beganMs) / 1_000;
    return { way: Math.hypot(own().x - x, own().y - y), fair: SHIP.speed * (seconds + SHIP.arrears / TICK_HZ) };
  }

  it("[AT35] that are sent again and again move it no faster", async () => {
    const { way, fair } = await flown((frame, send) => {
      for (let i = 0; i < 4; i++) send(frame);
    });
    expect(way).toBeGreaterThan(20);
    expect(way).toBeLessThanOrEqual(fair);
  });

  it("[AT35] with numbers from the future move it no faster, and those that follow still count", async () => {
    let sent = 0;
    const { way, fair } = await flown((frame, send) => {
      if (sent++ % 5 !== 0) return;
      // The number of an input is the first of its body, behind opcode and stamps.
      for (const at of [1, 2, 9, 10]) {
        const changed = Uint8Array.from(frame);
        if (at < changed.length) changed[at] = 0x7f;
        send(changed);
      }
    });
    expect(way).toBeLessThanOrEqual(fair);
  });

  it("[AT35] of another player move nobody: an input says nothing of whose it is", async () => {
    const [ada, eve] = [await sit(), await sit()];
    expect(ada.room.roomId).toBe(eve.room.roomId);
    Object.assign(ada.input.data, { x: 1, y: 0, aim: 0, fire: false });
    ada.input.send();
    await sleep(200);
    const { x, y } = ada.own();
    for (let i = 0; i < 20; i++) {
      eve.send(ada.frames.at(-1)!);
      await sleep(20);
    }
    await sleep(200);
    expect([ada.own().x, ada.own().y]).toEqual([x, y]);
  });
});
