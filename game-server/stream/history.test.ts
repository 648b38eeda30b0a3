import { defineStream } from "@frontrow/shared/stream/define.ts";
import { describe, expect, it } from "vitest";
import { createStream } from "./stream.ts";

const arena = defineStream({
  area: { width: 1_000, height: 1_000 },
  cell: 100,
  step: 1 / 8,
  entitiesMax: 8,
  kinds: { ship: { angle: 8 } },
});

describe("where everything was", () => {
  function play(ticks: number, remembered = 10) {
    const stream = createStream(arena);
    const history = stream.history(remembered);
    const ship = stream.spawn("ship", { x: 100, y: 500 });
    for (let tick = 1; tick <= ticks; tick++) {
      stream.move(ship, 100 + 8 * tick, 500 - tick, (tick * Math.PI) / 8);
      stream.encode(tick);
    }
    return { stream, history, ship };
  }

  it("[LC1] an entity is found where it was at a tick, and between two ticks between both places", () => {
    const { history, ship } = play(20);
    expect(history.at(ship, 20)).toMatchObject({ x: 260, y: 480 });
    expect(history.at(ship, 15)).toMatchObject({ x: 220, y: 485, angle: (15 * Math.PI) / 8 });
    expect(history.at(ship, 15.25)).toMatchObject({ x: 222, y: 484.75 });
  });

  it("[LC2] what is further back than is known, or not yet, is taken to the oldest and the newest", () => {
    const { history, ship } = play(20);
    expect([history.oldest, history.newest]).toEqual([10, 20]);
    expect(history.at(ship, 3)).toEqual(history.at(ship, 10));
    expect(history.at(ship, -5)).toEqual(history.at(ship, 10));
    expect(history.at(ship, 99)).toEqual(history.at(ship, 20));
    expect(history.at(ship, Number.NaN)).toBeDefined();
  });

  it("[LC3] who was not there yet, or is not there any more, is nowhere, whoever has the place since", () => {
    const { stream, history, ship } = play(20);
    const late = stream.spawn("ship", { x: 10, y: 10 });
    stream.encode(21);
    stream.encode(22);
    expect(history.at(late, 20)).toBeUndefined();
    expect(history.at(late, 21.5)).toMatchObject({ x: 10 });
    stream.remove(ship);
    expect(history.at(ship, 20)).toBeUndefined();
    for (let tick = 23; tick < 29; tick++) stream.encode(tick);
    const heir = stream.spawn("ship", { x: 900, y: 900 });
    stream.encode(29);
    expect(history.at(heir, 25)).toBeUndefined();
    expect(history.at(heir, 29)).toMatchObject({ x: 900, y: 900 });
  });

  it("[LC1] it grows with the stream, and is filled in place", () => {
    const stream = createStream(defineStream({ ...arena, entitiesMax: 2_000, kinds: { ship: {} } }));
    const history = stream.history(4);
    const ships = Array.from({ length: 1_000 }, (_, at) => {
      if (at === 500) stream.encode(1);
      return stream.spawn("ship", { x: at, y: 5 });
    });
    stream.encode(2);
    const out = { x: 0, y: 0, angle: 0 };
    expect(history.at(ships[999]!, 2, out)).toBe(out);
    expect(out.x).toBe(999);
    expect(history.at(ships[10]!, 1)).toMatchObject({ x: 10 });
  });
});
