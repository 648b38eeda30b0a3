import { createStreamView } from "@frontrow/client/stream.ts";
import { createStream } from "@frontrow/game-server/stream/stream.ts";
import { describe, expect, it } from "vitest";
import { createRandomWorld, small } from "./world.ts";

const BUFFER = new Uint8Array(65_536);

describe("what is encoded", () => {
  it("[ST7] is written once for all who see it: their frames are the same bytes", () => {
    const world = createRandomWorld(5);
    for (let n = 0; n < 20; n++) world.simulate();
    const viewers = Array.from({ length: 20 }, () => world.stream.viewer({ near: 80 }));
    for (const viewer of viewers) viewer.look(200, 150);
    for (let tick = 1; tick <= 30; tick++) {
      world.simulate();
      world.stream.encode(tick);
      const frames = viewers.map((viewer) => viewer.frame(new Uint8Array(4_096))!);
      // Checksums are due at different ticks, and are the head's.
      const bodies = frames.map((frame) => Buffer.from(frame.subarray(frame[0]! & 2 ? 6 : 2)).toString("hex"));
      if (tick > 1) expect(new Set(bodies).size).toBe(1);
      expect(world.stream.stats.bytes).toBeLessThan(frames[0]!.length + 8);
    }
  });

  it("[ST7] a cell that nobody sees is not written, and its chain ends with its last follower", () => {
    const world = createRandomWorld(6);
    const viewer = world.stream.viewer({ near: 80 });
    for (let tick = 1; tick <= 10; tick++) {
      world.simulate();
      world.stream.encode(tick);
      expect(world.stream.stats).toMatchObject({ bytes: 0, chains: 0 });
    }
    viewer.restart();
    viewer.look(200, 150);
    world.stream.encode(11);
    expect(world.stream.stats.bytes).toBeGreaterThan(0);
    expect(world.stream.stats.chains).toBeGreaterThan(0);
    viewer.close();
    world.simulate();
    world.stream.encode(12);
    expect(world.stream.stats).toMatchObject({ bytes: 0, chains: 0, viewers: 0 });
  });

  it("[ST8] entities that rest cost nothing, beside others that move too", () => {
    const costs = [0, 100].map((rocks) => {
      const stream = createStream(small);
      const viewer = stream.viewer({ width: 900, height: 900 });
      viewer.look(200, 150);
      for (let n = 0; n < rocks; n++) stream.spawn("rock", { x: 100 + (n % 10), y: 100 + n / 10 });
      const ship = stream.spawn("ship", { x: 110, y: 110 });
      const sizes: number[] = [];
      for (let tick = 1; tick <= 60; tick++) {
        if (tick > 20 && tick <= 40) stream.move(ship, 110 + (tick % 7), 110 + (tick % 5));
        stream.encode(tick);
        viewer.frame(BUFFER);
        if (tick > 20) sizes.push(stream.stats.bytes);
      }
      return sizes;
    });
    expect(costs[1]).toEqual(costs[0]);
    expect(costs[1]!.slice(0, 20).every((bytes) => bytes > 0)).toBe(true);
    expect(costs[1]!.slice(-10)).toEqual(Array(10).fill(0));
  });

  it("[ST9] a far cell is told at half or a quarter of the ticks, and a viewer that was slowed down likewise", () => {
    const stream = createStream(small);
    const ship = stream.spawn("ship", { x: 200, y: 150 });
    const [near, half, quarter, slowed] = [
      { near: 1 },
      { near: 0, half: 200 },
      { near: 0, quarter: 200 },
      { near: 1 },
    ].map((interest) => stream.viewer(interest));
    near!.look(200, 150);
    half!.look(310, 150);
    quarter!.look(310, 150);
    slowed!.look(200, 150);
    slowed!.slower(2);
    const told = [0, 0, 0, 0];
    for (let tick = 1; tick <= 80; tick++) {
      stream.move(ship, 200 + (tick % 9), 150 + (tick % 4));
      stream.encode(tick);
      [near, half, quarter, slowed].forEach((viewer, at) => {
        const frame = viewer!.frame(BUFFER);
        const isChecksumAlone = frame?.length === 6 && (frame[0]! & 2) !== 0;
        if (frame && !isChecksumAlone && tick > 40) told[at]! += 1;
      });
    }
    expect(told).toEqual([40, 20, 10, 20]);
  });
});

describe("a viewer that missed a frame", () => {
  it("[ST10] holds nothing from then on, and its next frame is fresh", () => {
    const world = createRandomWorld(9);
    const viewer = world.stream.viewer({ near: 90 });
    const view = createStreamView(small);
    viewer.look(200, 150);
    const taken: (Uint8Array | undefined)[] = [];
    for (let tick = 1; tick <= 20; tick++) {
      world.simulate();
      world.stream.encode(tick);
      if (tick >= 10 && tick < 14) continue;
      const frame = viewer.frame(BUFFER);
      taken[tick] = frame && Uint8Array.from(frame);
      if (frame) expect(view.read(frame)).toEqual({ ok: true });
    }
    expect(taken.map((frame) => frame && frame[0]! & 1)).toEqual([
      ...[undefined, 1, 0, 0, 0, 0, 0, 0, 0, 0],
      ...[undefined, undefined, undefined, undefined, undefined, 1, 0, 0, 0, 0, 0],
    ]);
    expect(view.diverged).toBe(false);
  });

  it("[ST10] that asks for a restart before the encoding has it in the same tick", () => {
    const world = createRandomWorld(10);
    const viewer = world.stream.viewer({ near: 90 });
    viewer.look(200, 150);
    for (let tick = 1; tick <= 6; tick++) {
      world.simulate();
      if (tick === 5) viewer.restart();
      world.stream.encode(tick);
      expect(viewer.frame(BUFFER)![0]! & 1, `tick ${tick}`).toBe(tick === 1 || tick === 5 ? 1 : 0);
    }
  });

  it("[ST10] gives what was set after the encoding to the next tick, keyframes included", () => {
    const stream = createStream(small);
    const ship = stream.spawn("ship", { x: 10, y: 10 });
    const [viewer, view] = [stream.viewer({ near: 20 }), createStreamView(small)];
    viewer.look(10, 10);
    stream.encode(1);
    stream.move(ship, 12, 10);
    stream.set(ship, "hp", 9);
    expect(view.read(viewer.frame(BUFFER)!)).toEqual({ ok: true });
    expect(view.entities.get(ship)).toMatchObject({ x: 10, fields: { hp: 0 } });
    stream.encode(2);
    expect(view.read(viewer.frame(BUFFER)!)).toEqual({ ok: true });
    expect(view.entities.get(ship)).toMatchObject({ x: 12, fields: { hp: 9 } });
  });
});
