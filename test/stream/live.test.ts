import { followStream } from "@frontrow/client/stream/live.ts";
import { createStream } from "@frontrow/game-server/stream/stream.ts";
import { defineStream } from "@frontrow/shared/stream/define.ts";
import { decodeEcho, STREAM_MESSAGE } from "@frontrow/shared/stream/echo.ts";
import { int } from "@frontrow/shared/stream/fields.ts";
import { afterEach, describe, expect, it, vi } from "vitest";

const TICK_MS = 50;
const SPEED = 4;
const arena = defineStream({
  area: { width: 4_000, height: 1_000 },
  cell: 200,
  step: 1 / 8,
  kinds: { ship: { fields: { hp: int(0, 100) } }, rock: {} },
  events: { shot: { fields: { by: int(0, 7) } } },
});

/** A room whose frames take `delayMs`, and what its client says; time goes on by a millisecond. */
function createMatch(delayMs: () => number = () => 0) {
  const stream = createStream(arena);
  const ship = stream.spawn("ship", { x: 10, y: 500, hp: 100 });
  const viewer = stream.viewer({ near: 4_000 });
  viewer.look(10, 500);
  const onTheWay: { atMs: number; bytes: Uint8Array }[] = [];
  const said: { tick: number; restart: boolean }[] = [];
  let [nowMs, tick, lastMs, swallow] = [0, 0, 0, false];
  let from = 10;
  let isDeaf = false;
  let heard: (bytes: Uint8Array) => void = () => {};
  const live = followStream(
    {
      onMessage(type, listener) {
        expect(type).toBe(STREAM_MESSAGE);
        heard = listener;
        return () => {
          heard = () => {};
        };
      },
      sendBytes(_type, bytes) {
        const echo = decodeEcho(bytes)!;
        said.push(echo);
        if (echo.restart && !isDeaf) viewer.restart();
      },
    },
    arena,
    { tickHz: 1_000 / TICK_MS, nowMs: () => nowMs },
  );

  function step(): void {
    tick++;
    stream.move(ship, from + SPEED * tick, 500);
    if (tick === 30) stream.emit("shot", 100, 500, { by: 3 });
    stream.encode(tick);
    const frame = viewer.frame(new Uint8Array(1_000));
    // As a connection does: what was sent later does not arrive earlier.
    lastMs = Math.max(lastMs, nowMs + delayMs());
    if (frame && !swallow) onTheWay.push({ atMs: lastMs, bytes: frame.slice() });
  }
  function run(ms: number, eachMs: () => void = () => {}): void {
    for (const untilMs = nowMs + ms; nowMs < untilMs; nowMs++) {
      if (nowMs % TICK_MS === 0) step();
      while (onTheWay[0] && onTheWay[0].atMs <= nowMs) heard(onTheWay.shift()!.bytes);
      eachMs();
    }
  }
  const lose = (lost: boolean) => {
    swallow = lost;
  };
  const jump = (to: number) => {
    from = to;
  };
  /** Nobody heeds what it asks for any more. */
  const deaf = () => {
    isDeaf = true;
  };
  return { live, said, ship, run, tick: () => tick, lose, jump, deaf, inject: (bytes: Uint8Array) => heard(bytes) };
}
/** Draws at 60 Hz. */
const drawing = (draw: () => void) => {
  let ms = 0;
  return () => {
    if (ms++ % 16 === 0) draw();
  };
};

afterEach(() => void vi.useRealTimers());

describe("a stream as it is drawn", () => {
  it("[SV4] who moves is drawn on its way between two ticks, to a fraction of what it moves in one", () => {
    const { live, run, ship } = createMatch(() => 75);
    const errors: number[] = [];
    run(
      5_000,
      drawing(() => {
        live.advance();
        const placed = live.place(ship);
        if (placed && live.tick > 5) errors.push(Math.abs(placed.x - (10 + SPEED * live.tick)));
      }),
    );
    expect(errors.length).toBeGreaterThan(200);
    // The steps in which positions travel.
    expect(Math.max(...errors)).toBeLessThanOrEqual(1 / 8);
  });

  it("[SV4] over an uneven link motion stays even: between two pictures nobody moves much more than in the time between", () => {
    let seed = 7;
    const { live, run, ship } = createMatch(() => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return 150 + (seed / 2 ** 32) * 40;
    });
    const xs: number[] = [];
    run(
      12_000,
      drawing(() => {
        live.advance();
        const placed = live.place(ship);
        if (placed) xs.push(placed.x);
      }),
    );
    const moved = xs.slice(300).map((x, at, all) => (at > 0 ? x - all[at - 1]! : SPEED * (16 / TICK_MS)));
    expect(Math.min(...moved)).toBeGreaterThanOrEqual(0);
    const even = moved.filter((by) => Math.abs(by - SPEED * (16 / TICK_MS)) < SPEED * (16 / TICK_MS) * 0.3);
    expect(even.length / moved.length).toBeGreaterThan(0.95);
  });

  it("[SV4] who is put elsewhere is not drawn on the way there", () => {
    const { live, run, ship, jump } = createMatch();
    const xs: number[] = [];
    run(1_000, () => live.advance());
    jump(3_000);
    run(500, () => {
      live.advance();
      xs.push(live.place(ship)!.x);
    });
    expect(xs.every((x) => x < 200 || x > 2_900)).toBe(true);
    expect([xs[0]! < 200, xs.at(-1)! > 2_900]).toEqual([true, true]);
  });

  it("[SV5] what happens is told once, when its tick is shown", () => {
    const { live, run } = createMatch(() => 40);
    const events: { name: string; at: number; by: number }[] = [];
    run(4_000, () => {
      for (const { event, fields } of live.advance().events) events.push({ name: event, at: live.tick, by: fields.by });
    });
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ name: "shot", by: 3 });
    expect(Math.abs(events[0]!.at - 30)).toBeLessThanOrEqual(1);
  });

  it("[SV6] it tells the server what it has reached, about four times a second, in the background too", () => {
    const { live, run, said, tick } = createMatch(() => 40);
    run(2_000, () => live.advance());
    expect(said.length).toBeGreaterThanOrEqual(6);
    expect(said.length).toBeLessThanOrEqual(9);
    const before = said.length;
    run(3_000);
    expect(said.length - before).toBeGreaterThanOrEqual(9);
    expect(tick() - said.at(-1)!.tick).toBeLessThanOrEqual(7);
    expect(said.every(({ restart }) => !restart)).toBe(true);
  });

  it("[SV6] when nothing comes any more it tells the last that it has shown: a server that sends nothing until it hears so waits for that", () => {
    const { live, run, said, lose, tick } = createMatch(() => 40);
    run(2_010, () => live.advance());
    const last = tick();
    lose(true);
    run(1_000, () => live.advance());
    expect(said.at(-1)!.tick).toBe(last);
    const { length } = said;
    run(2_000, () => live.advance());
    expect(said).toHaveLength(length);
  });

  it("[SV6] nor does it take somebody who draws, or a frame, to tell that", () => {
    vi.useFakeTimers();
    const { live, run, said, lose, tick } = createMatch(() => 40);
    run(1_010, () => void vi.advanceTimersByTime(1));
    const last = tick();
    lose(true);
    run(2_000, () => void vi.advanceTimersByTime(1));
    expect(said.at(-1)!.tick).toBe(last);
    expect(vi.getTimerCount()).toBe(0);
    lose(false);
    run(160, () => void vi.advanceTimersByTime(1));
    expect(vi.getTimerCount()).toBe(1);
    live.stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("[SV7] when it cannot go on it asks for everything anew, at most once a second, and then shows what the server has", () => {
    const { live, run, said, lose, ship, tick } = createMatch();
    run(1_000, () => live.advance());
    lose(true);
    run(100, () => live.advance());
    lose(false);
    run(4_000, () => live.advance());
    expect(live.restarts).toBeGreaterThanOrEqual(1);
    expect(said.filter(({ restart }) => restart).length).toBeLessThanOrEqual(5);
    expect(live.place(ship)!.x).toBeGreaterThan(10 + SPEED * (tick() - 4));
  });

  it("[SV7] frames that it can do nothing with are told as read, so that a server that fell silent goes on", () => {
    const { live, run, said, inject, tick, deaf } = createMatch();
    run(1_010, () => live.advance());
    deaf();
    inject(Uint8Array.of(0xff));
    run(3_000, () => live.advance());
    const asked = said.filter(({ restart }) => restart);
    expect(asked.length).toBeGreaterThan(1);
    expect(tick() - said.at(-1)!.tick).toBeLessThanOrEqual(10);
  });

  it("[SV7] while nothing comes it does not ask again: nobody may be there any more", () => {
    vi.useFakeTimers();
    const { live, run, lose, inject } = createMatch();
    const past = () => void vi.advanceTimersByTime(1);
    run(1_010, past);
    lose(true);
    inject(Uint8Array.of(0xff));
    run(10_000, past);
    expect(live.restarts).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("[SV7] one that begins to listen when the first frames are gone is sent everything too", () => {
    const { live, run, lose, ship, tick } = createMatch();
    lose(true);
    run(300, () => live.advance());
    lose(false);
    run(1_500, () => live.advance());
    expect(live.place(ship)!.x).toBeGreaterThan(10 + SPEED * (tick() - 4));
    expect(live.restarts).toBe(1);
  });

  it("[SV7] bytes that are no frame throw nothing, and the next frames are shown", () => {
    const { live, run, ship, inject, tick } = createMatch();
    run(500, () => live.advance());
    for (const bytes of [[], [255], [16, 1, 2, 3], [0x11, 0, 0, 0, 0]]) inject(Uint8Array.from(bytes));
    run(3_000, () => live.advance());
    expect(live.place(ship)!.x).toBeGreaterThan(10 + SPEED * (tick() - 4));
  });
});
