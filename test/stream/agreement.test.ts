import { readFileSync } from "node:fs";
import { createStreamView } from "@frontrow/client/stream.ts";
import { createDecoder, type ShownEntity } from "@frontrow/shared/stream/decode.ts";
import { layoutOf } from "@frontrow/shared/stream/layout.ts";
import type { HeldCell, Slot } from "@frontrow/shared/stream/slots.ts";
import { describe, expect, it } from "vitest";
import { goldenDefinition, goldenFrames } from "./golden.ts";
import { createSecondDecoder, type PlainCell } from "./second-decoder.ts";
import { createRandomWorld, createWanderer, small } from "./world.ts";

type Shown = ShownEntity;
const show = (slot: Slot<Shown>): Shown => ({ slot, slots: [] });

/** Everything that a decoder holds, the order of slots and the predictor's state included. */
const heldText = (cells: ReadonlyMap<number, HeldCell<Shown> | PlainCell>) =>
  [...cells]
    .sort(([a], [b]) => a - b)
    .map(([cell, { rate, awake, slots }]) => {
      const told = slots.map((s) => [s.id, s.kind, s.x, s.y, s.vx, s.vy, s.angle, s.spin, ...s.fields].join(","));
      return `${cell}/${rate}/${awake}: ${told.join(" ")}`;
    });

describe("docs/reference/stream-format.md", () => {
  const page = readFileSync(new URL("../../docs/reference/stream-format.md", import.meta.url), "utf8");
  const golden = [...page.matchAll(/^\| (\d+) \| `([0-9a-f]+)` \|$/gm)].map(([, tick, hex]) => ({
    tick: Number(tick),
    hex,
  }));

  it("[ST1] its golden bytes are what the server writes", () => {
    expect(golden.length).toBeGreaterThan(5);
    expect(goldenFrames().map(({ tick, bytes }) => ({ tick, hex: Buffer.from(bytes).toString("hex") }))).toEqual(
      golden,
    );
  });

  it("[ST1] both decoders read in them what the page tells", () => {
    const view = createStreamView(goldenDefinition);
    const second = createSecondDecoder(goldenDefinition);
    const shots: string[] = [];
    for (const { hex } of golden) {
      const bytes = Buffer.from(hex!, "hex");
      expect(view.read(bytes)).toEqual({ ok: true });
      shots.push(...second.read(bytes));
    }
    expect([...view.entities.values()].map(({ kind, x, y, fields }) => ({ kind, x, y, fields }))).toEqual([
      { kind: "ship", x: 26, y: 18, fields: { hp: 42, weapon: "laser" } },
    ]);
    expect([...second.cells.values()].flatMap(({ slots }) => slots)).toMatchObject([{ x: 52, y: 36, fields: [42, 0] }]);
    expect(shots).toEqual(["0 9 28 24 1"]);
  });
});

describe("two decoders", () => {
  it.each([11, 12, 13])("[ST2] hold the same after every frame of a random world, seed %i", (seed) => {
    const world = createRandomWorld(seed);
    const clients = Array.from({ length: 4 }, () => ({
      ...createWanderer(world),
      ours: createDecoder<Shown>(layoutOf(small), show),
      second: createSecondDecoder(small),
    }));
    let [frames, resting, slow, events] = [0, 0, 0, 0];
    for (let tick = 1; tick <= 250; tick++) {
      world.simulate();
      for (const { wander } of clients) wander();
      world.stream.encode(tick);
      for (const { viewer, skips, ours, second } of clients) {
        const frame = skips() ? undefined : viewer.frame(new Uint8Array(8), 2)?.subarray(2);
        if (!frame) continue;
        frames += 1;
        expect(ours.read(frame)).toEqual({ ok: true });
        expect(ours.diverged).toBe(false);
        const seen = second.read(frame);
        expect(ours.events.map(({ event, age, x, y, fields }) => `${event} ${tick - age} ${x} ${y} ${fields}`)).toEqual(
          seen,
        );
        expect(heldText(ours.cells)).toEqual(heldText(second.cells));
        events += seen.length;
        for (const { rate, awake, slots } of second.cells.values()) {
          resting += slots.length - awake;
          slow += rate > 1 ? slots.length : 0;
        }
      }
    }
    expect(frames).toBeGreaterThan(500);
    for (const happened of [resting, slow, events, world.seen.removed, world.seen.jumped])
      expect(happened).toBeGreaterThan(10);
  });
});
