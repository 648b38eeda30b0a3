import { createStreamView } from "@frontrow/client/stream.ts";
import { createFanOut, type FanOutEvent } from "@frontrow/game-server/hot/fan-out.ts";
import type { FrameSocket } from "@frontrow/game-server/hot/follower.ts";
import type { Interest } from "@frontrow/game-server/stream/interest.ts";
import { createStream } from "@frontrow/game-server/stream/stream.ts";
import { defaultLimits } from "@frontrow/shared/limits.ts";
import { defineStream } from "@frontrow/shared/stream/define.ts";
import { encodeEcho, STREAM_HEAD } from "@frontrow/shared/stream/echo.ts";
import { int } from "@frontrow/shared/stream/fields.ts";
import { FRAME } from "@frontrow/shared/stream/layout.ts";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";

const TICK_MS = 50;
const arena = defineStream({
  area: { width: 1_000, height: 1_000 },
  cell: 100,
  step: 1 / 8,
  kinds: { ship: { angle: 8, fields: { hp: int(0, 100) } } },
});

/** A socket of which somebody reads, or has stopped. */
function createPipe() {
  const pipe = {
    isOpen: true,
    reads: true,
    held: [] as Uint8Array[],
    ended: false,
    /** What the reader has not taken, as far as the server can see. */
    seenBytes: 0,
  };
  const socket: FrameSocket = {
    get isOpen() {
      return pipe.isOpen;
    },
    buffered: () => pipe.seenBytes,
    sendNow(frame) {
      pipe.held.push(frame.slice());
      return pipe.seenBytes > 0 ? "queued" : "sent";
    },
    endSlow() {
      pipe.isOpen = false;
      pipe.ended = true;
    },
  };
  return Object.assign(pipe, { socket });
}

function createMatch(interest: Interest = { near: 2_000 }) {
  const stream = createStream(arena);
  const events: FanOutEvent[] = [];
  let now = 0;
  let pressed = false;
  const fanOut = createFanOut({
    source: stream,
    limits: defaultLimits,
    tickMs: TICK_MS,
    head: STREAM_HEAD,
    nowMs: () => now,
    isPressed: () => pressed,
    observe: (event) => void events.push(event),
  });
  const ships = Array.from({ length: 30 }, (_, at) => stream.spawn("ship", { x: 30 * at, y: 500, hp: 100 }));
  let tick = 0;
  let pipe = createPipe();
  let view = createStreamView(arena);
  const follower = fanOut.follow({ socket: () => pipe.socket, rttMs: 0, interest });
  follower.look(500, 500);

  function step(): void {
    tick++;
    now += TICK_MS;
    ships.forEach(
      (ship, at) => void stream.move(ship, (30 * at + 3 * tick) % 1_000, 500 + 200 * Math.sin(tick / 9 + at)),
    );
    if (tick % 7 === 0) stream.set(ships[tick % 30]!, "hp", tick % 100);
    fanOut.send(tick);
    if (!pipe.reads || !pipe.isOpen) return;
    for (const frame of pipe.held.splice(0)) {
      expect([...frame.subarray(0, STREAM_HEAD.length)]).toEqual([...STREAM_HEAD]);
      view.read(frame.subarray(STREAM_HEAD.length));
    }
    if (tick % 5 === 0 && view.tick >= 0) follower.heard(encodeEcho({ tick: view.tick, restart: view.diverged }));
  }
  return {
    events,
    fanOut,
    follower,
    stream,
    run: (ms: number) => {
      for (let past = 0; past < ms; past += TICK_MS) step();
    },
    pipe: () => pipe,
    comeBack() {
      pipe = createPipe();
      view = createStreamView(arena);
    },
    shown: () =>
      [...view.entities.values()].map(({ id, quantized: { x, y, fields } }) => ({ id, x, y, fields: [...fields] })),
    truth: () => [...stream.all()].map(({ id, x, y, fields }) => ({ id, x, y, fields: [...fields] })),
    view: () => view,
    press: (isPressed: boolean) => {
      pressed = isPressed;
    },
  };
}
const byId = (all: { id: number }[]) => all.toSorted((a, b) => a.id - b.id);

describe("a room's stream to its followers", () => {
  it("[SL1] a follower that reads shows exactly what the server has", () => {
    const match = createMatch();
    match.run(3_000);
    expect(match.shown()).toHaveLength(30);
    expect(byId(match.shown())).toEqual(byId(match.truth()));
    expect(match.follower.pace).toBe("full");
    const frames = match.events.map((event) => (event.kind === "stream-tick" ? event.frames : 0));
    expect(frames.reduce((sum, each) => sum + each, 0)).toBe(60);
  });

  it("[SL3] one that stalled and reads again shows exactly what the server has, without another connection", () => {
    const match = createMatch();
    match.run(1_000);
    match.pipe().reads = false;
    match.run(4_000);
    expect(match.follower.pace).toBe("none");
    const held = match.pipe().held.length;
    // A stall costs the kernel what was sent in its first second, not in all of it.
    expect(held).toBeLessThanOrEqual(defaultLimits.streamSkipMs / TICK_MS + 6);
    match.pipe().reads = true;
    match.run(1_000);
    expect(match.follower.pace).toBe("half");
    expect(match.view().diverged).toBe(false);
    match.run(3_000);
    expect(match.follower.pace).toBe("full");
    expect(byId(match.shown())).toEqual(byId(match.truth()));
  });

  it("[SL2] one that stalls for twelve seconds is closed, and its next connection shows exactly what the server has", () => {
    const match = createMatch();
    match.run(1_000);
    match.pipe().reads = false;
    match.run(12_000);
    expect(match.pipe().ended).toBe(true);
    expect(
      match.events.filter(({ kind }) => kind === "stream-pace").map((event) => (event as { pace: string }).pace),
    ).toEqual(["half", "none", "evicted"]);
    match.comeBack();
    match.run(1_000);
    expect(match.follower.pace).toBe("full");
    expect(byId(match.shown())).toEqual(byId(match.truth()));
    // It came back at half rate once: right at every second tick only, for ever.
    match.run(TICK_MS);
    expect(byId(match.shown())).toEqual(byId(match.truth()));
  });

  it("[SL4] one that never echoed and whose buffer grows is sent nothing more until it is empty", () => {
    const match = createMatch();
    const pipe = match.pipe();
    pipe.reads = false;
    pipe.seenBytes = 20_000;
    match.run(20_000);
    // The first tells that bytes wait.
    expect([match.follower.pace, pipe.held.length, pipe.ended]).toEqual(["none", 1, false]);
    pipe.seenBytes = 0;
    pipe.reads = true;
    match.run(4_000);
    expect(byId(match.shown())).toEqual(byId(match.truth()));
  });

  it("[SL6] whatever its reader does, the first frame after skipped ones is a fresh one", () => {
    const weather = fc.record({
      reads: fc.boolean(),
      seenBytes: fc.constantFrom(0, 0, 1, 20_000),
      ticks: fc.integer({ min: 1, max: 60 }),
    });
    fc.assert(
      fc.property(fc.array(weather, { maxLength: 8 }), (all) => {
        const match = createMatch();
        let mustBeFresh = true;
        const sent = vi.spyOn(match.pipe().socket, "sendNow");
        for (const { reads, seenBytes, ticks } of all) {
          Object.assign(match.pipe(), { reads, seenBytes });
          for (let n = 0; n < ticks; n++) {
            sent.mockClear();
            match.run(TICK_MS);
            if (match.follower.pace === "none") mustBeFresh = true;
            const [frame] = sent.mock.calls[0] ?? [];
            if (!frame) continue;
            if (mustBeFresh) expect(frame[STREAM_HEAD.length]! & FRAME.fresh).toBe(FRAME.fresh);
            mustBeFresh = false;
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it("[SL7] a client that cannot go on with what it shows is sent everything anew, and it is counted", () => {
    const match = createMatch();
    match.run(1_000);
    // As if a frame had been lost: the chain has a gap, which the client notices.
    match.pipe().reads = false;
    match.run(50);
    match.pipe().held.length = 0;
    match.pipe().reads = true;
    match.run(5_000);
    expect(match.events.some(({ kind }) => kind === "stream-restart")).toBe(true);
    expect(byId(match.shown())).toEqual(byId(match.truth()));
  });

  it("[SL9] a client that asks for everything anew all the time gets it twice a second at most", () => {
    const match = createMatch();
    match.run(1_000);
    for (let i = 0; i < 40; i++) {
      for (let ask = 0; ask < 10; ask++) match.follower.heard(encodeEcho({ tick: match.view().tick, restart: true }));
      match.run(TICK_MS);
    }
    const restarts = match.events.filter(({ kind }) => kind === "stream-restart").length;
    expect(restarts).toBeGreaterThanOrEqual(3);
    expect(restarts).toBeLessThanOrEqual(5);
  });

  it("[SL5] what is no echo changes nothing", () => {
    const match = createMatch();
    match.run(500);
    for (const bytes of [[], [1, 2, 3], [0, 0, 0, 0, 2], [1, 0, 0, 0, 0, 0]]) {
      expect(match.follower.heard(Uint8Array.from(bytes))).toBe(false);
    }
    expect(match.events.some(({ kind }) => kind === "stream-restart")).toBe(false);
  });

  it("[SL10] while the process is pressed what is far comes at every fourth tick, and near as before", () => {
    const match = createMatch({ near: 150, half: 400 });
    const at = (rate: number) =>
      [...match.view().entities.values()].filter((one) => one.quantized.rate === rate).length;
    match.run(1_000);
    const [near, far] = [at(1), at(2)];
    expect([near > 0, far > 5, at(4)]).toEqual([true, true, 0]);
    match.press(true);
    match.run(1_000);
    // A cell at the edge of what is near keeps its rate a little longer.
    expect([at(1) > 0, at(2) <= 2, at(4) >= far - 4]).toEqual([true, true, true]);
    match.press(false);
    match.run(1_000);
    expect([at(2) > 5, at(4)]).toEqual([true, 0]);
    expect(match.view().diverged).toBe(false);
  });

  it("[SL12] nobody is sent a tick before he has joined, and then a whole one at once", () => {
    const match = createMatch();
    const pipe = createPipe();
    let socket: FrameSocket | undefined;
    const late = match.fanOut.follow({ socket: () => socket, rttMs: 0, interest: { near: 2_000 } });
    late.look(500, 500);
    match.run(1_000);
    socket = pipe.socket;
    expect(pipe.held).toEqual([]);
    match.run(TICK_MS);
    const view = createStreamView(arena);
    for (const frame of pipe.held) expect(view.read(frame.subarray(STREAM_HEAD.length))).toEqual({ ok: true });
    expect([pipe.held.length, view.entities.size]).toEqual([1, 30]);
  });

  it("[SL11] nobody is always the last to be sent a tick", () => {
    const stream = createStream(arena);
    const [limits, observe] = [defaultLimits, () => {}];
    const fanOut = createFanOut({
      ...{ source: stream, limits, tickMs: TICK_MS, head: STREAM_HEAD, nowMs: () => 0 },
      ...{ isPressed: () => false, observe },
    });
    const ship = stream.spawn("ship", { x: 500, y: 500 });
    let order: number[] = [];
    const socket = (of: number): FrameSocket => ({
      ...{ isOpen: true, buffered: () => 0, endSlow: () => {} },
      sendNow() {
        order.push(of);
        return "sent";
      },
    });
    for (let of = 0; of < 7; of++) {
      const one = socket(of);
      fanOut.follow({ socket: () => one, rttMs: 0, interest: { near: 500 } }).look(500, 500);
    }
    const last = new Set<number | undefined>();
    for (let tick = 1; tick <= 60; tick++) {
      stream.move(ship, 500 + (tick % 9), 500);
      order = [];
      fanOut.send(tick);
      expect(new Set(order).size).toBe(7);
      last.add(order.at(-1));
    }
    expect(last.size).toBe(7);
  });

  it("[SL8] after the last follower nothing is encoded for anybody", () => {
    const match = createMatch();
    match.run(500);
    match.follower.stop();
    match.run(100);
    expect(match.stream.stats).toMatchObject({ viewers: 0, chains: 0, bytes: 0 });
  });
});
