import { createStreamView } from "@frontrow/client/stream.ts";
import { createStream, type Quantized } from "@frontrow/game-server/stream/stream.ts";
import { defineStream, int } from "@frontrow/shared/stream/define.ts";
import { describe, expect, it } from "vitest";
import { createRandomWorld, createWanderer, small } from "./world.ts";

const BUFFER = new Uint8Array(65_536);
/** Every fourth step all chains are due, so nothing may lag. */
const SETTLED = 4;

const truthOf = (all: Iterable<Quantized>, held: ReadonlySet<number>) =>
  [...all]
    .filter(({ cell }) => held.has(cell))
    .map(({ id, kind, cell, x, y, angle, fields }) => `${id} ${kind} ${cell} ${x} ${y} ${angle} ${fields}`)
    .sort();
const shownBy = (view: ReturnType<typeof createStreamView<typeof small.kinds, typeof small.events>>) =>
  [...view.entities.values()]
    .map(({ id, kind, quantized: q }) => `${id} ${kind} ${q.cell} ${q.x} ${q.y} ${q.angle} ${q.fields}`)
    .sort();

describe("a viewer's picture", () => {
  it.each([1, 2, 3, 4])("[ST3] is the server's state of its cells, whatever happens, seed %i", (seed) => {
    const world = createRandomWorld(seed);
    const clients = Array.from({ length: 5 }, () => ({ ...createWanderer(world), view: createStreamView(small) }));
    let [compared, entities, checksums] = [0, 0, 0];
    for (let tick = 1; tick <= 300; tick++) {
      world.simulate();
      for (const { wander } of clients) wander();
      world.stream.encode(tick);
      for (const { viewer, skips, view } of clients) {
        const frame = skips() ? undefined : viewer.frame(BUFFER);
        if (!frame) continue;
        expect(view.read(frame)).toEqual({ ok: true });
        expect(view.diverged).toBe(false);
        checksums += frame[0]! & 2 ? 1 : 0;
        if (tick % SETTLED !== 0) continue;
        const truth = truthOf(world.stream.all(), new Set(viewer.held));
        expect(shownBy(view), `seed ${seed}, tick ${tick}`).toEqual(truth);
        compared += 1;
        entities += truth.length;
      }
    }
    expect(compared).toBeGreaterThan(200);
    expect(entities).toBeGreaterThan(4_000);
    expect(checksums).toBeGreaterThan(40);
  });

  it("[ST3] of cells at every tick never lags", () => {
    const world = createRandomWorld(77);
    const viewer = world.stream.viewer({ near: 70 });
    const view = createStreamView(small);
    viewer.look(200, 150);
    for (let tick = 1; tick <= 120; tick++) {
      world.simulate();
      world.stream.encode(tick);
      const frame = viewer.frame(BUFFER);
      if (frame) expect(view.read(frame)).toEqual({ ok: true });
      expect(shownBy(view)).toEqual(truthOf(world.stream.all(), new Set(viewer.held)));
    }
    expect(view.entities.size).toBeGreaterThan(10);
  });

  it("[ST4] tells who came, who left and was removed, what changed and what happened", () => {
    const stream = createStream(small);
    const view = createStreamView(small);
    const viewer = stream.viewer({ near: 60 });
    viewer.look(100, 100);
    let tick = 0;
    const step = () => {
      stream.encode(++tick);
      const frame = viewer.frame(BUFFER);
      if (frame) expect(view.read(frame)).toEqual({ ok: true });
    };
    const ship = stream.spawn("ship", { x: 100, y: 100, hp: 30, weapon: "gun" });
    const mine = stream.spawn("mine", { x: 110, y: 90, owner: -3 });
    step();
    expect(view.entered.map(({ kind, fields }) => [kind, fields])).toEqual(
      expect.arrayContaining([
        ["ship", { hp: 30, weapon: "gun", shield: false }],
        ["mine", { armed: false, owner: -3 }],
      ]),
    );
    const kept = view.entities.get(ship);
    stream.move(ship, 104, 99, Math.PI);
    stream.set(ship, "hp", 12);
    stream.emit("shot", 101, 100, { by: 7 });
    step();
    expect(view.changed).toEqual([kept]);
    expect(kept).toMatchObject({ x: 104, y: 99, angle: Math.PI, vx: 4, vy: -1, fields: { hp: 12 } });
    expect(view.events).toEqual([{ event: "shot", tick, x: 101, y: 100, fields: { by: 7, loud: false } }]);
    stream.remove(mine);
    stream.move(ship, 390, 290);
    step();
    expect(view.left.map(({ entity, removed }) => [entity.kind, removed]).sort()).toEqual([
      ["mine", true],
      ["ship", false],
    ]);
    expect(view.entities.size).toBe(0);
  });

  it("[ST5] keeps one that goes from a fast cell to a slow one in view until it is seen there", () => {
    const stream = createStream(small);
    const view = createStreamView(small);
    const viewer = stream.viewer({ near: 10, quarter: 200 });
    viewer.look(125, 125);
    const ship = stream.spawn("ship", { x: 125, y: 125 });
    for (let tick = 1; tick <= 24; tick++) {
      stream.move(ship, 125 + 6 * tick, 125);
      stream.encode(tick);
      const frame = viewer.frame(BUFFER);
      if (frame) expect(view.read(frame)).toEqual({ ok: true });
      // All cells were there from the fourth tick on.
      if (tick >= 4) expect([...view.entities.keys()], `tick ${tick}`).toEqual([ship]);
      if (tick > 4) expect(view.left, `tick ${tick}`).toEqual([]);
    }
    expect(view.entities.get(ship)!.quantized.rate).toBe(4);
  });
});

describe("ids", () => {
  it("[ST6] a row that is used again is another entity, to the room and to every client", () => {
    const tight = defineStream({
      area: { width: 100, height: 100 },
      cell: 50,
      step: 1,
      entitiesMax: 8,
      kinds: { bullet: { fields: { by: int(0, 63) } } },
    });
    const stream = createStream(tight);
    const view = createStreamView(tight);
    const viewer = stream.viewer({ near: 0, half: 40, quarter: 200 });
    viewer.look(10, 10);
    const ids = new Set<number>();
    for (let tick = 1; tick <= 400; tick++) {
      const id = stream.spawn("bullet", { x: (tick * 37) % 100, y: (tick * 61) % 100, by: tick % 64 });
      ids.add(id);
      stream.encode(tick);
      const frame = viewer.frame(BUFFER);
      if (frame) expect(view.read(frame)).toEqual({ ok: true });
      for (const entity of view.entities.values())
        expect((entity.fields.by * 37) % 100, `${tick}`).toBeTypeOf("number");
      if (tick % 4 === 0) expect([...view.entities.values()].map(({ fields }) => fields.by)).toEqual([tick % 64]);
      stream.remove(id);
      expect(stream.has(id)).toBe(false);
      expect(stream.move(id, 1, 1)).toBe(false);
      expect(stream.set(id, "by", 1)).toBe(false);
      expect(stream.remove(id)).toBe(false);
    }
    expect(ids.size).toBe(400);
  });

  it("[ST6] a full stream says so, and has room again once removals were told", () => {
    const stream = createStream(small);
    const all = Array.from({ length: small.entitiesMax }, () => stream.spawn("rock", { x: 1, y: 1 }));
    expect(() => stream.spawn("rock", { x: 1, y: 1 })).toThrow("entitiesMax");
    stream.remove(all[0]!);
    expect(() => stream.spawn("rock", { x: 1, y: 1 })).toThrow("entitiesMax");
    for (let tick = 1; tick <= 4; tick++) stream.encode(tick);
    expect(stream.has(stream.spawn("rock", { x: 1, y: 1 }))).toBe(true);
  });
});

describe("positions", () => {
  it("[ST14] outside the area are taken to its border, and what is no number to 0", () => {
    const stream = createStream(small);
    const rock = stream.spawn("rock", { x: -5, y: 1e9 });
    expect(stream.quantized(rock)).toMatchObject({ x: 0, y: 300 * 8 });
    stream.move(rock, Number.POSITIVE_INFINITY, Number.NaN);
    expect(stream.quantized(rock)).toMatchObject({ x: 400 * 8, y: 0 });
  });
});
