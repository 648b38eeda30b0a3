import { readdirSync, readFileSync } from "node:fs";
import { createStreamView } from "@frontrow/client/stream.ts";
import { createStream } from "@frontrow/game-server/stream/stream.ts";
import { seeded } from "@frontrow/matchmaker/simulate/seeded.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSecondDecoder } from "./second-decoder.ts";
import { createRandomWorld, small } from "./world.ts";

/** Frames of a world in which everything happens. */
function recorded(seed: number, ticks: number): Uint8Array[] {
  const world = createRandomWorld(seed);
  for (let n = 0; n < 20; n++) world.simulate();
  const viewer = world.stream.viewer({ near: 60, half: 120, quarter: 220 });
  const frames: Uint8Array[] = [];
  for (let tick = 1; tick <= ticks; tick++) {
    world.simulate();
    viewer.look(100 + 4 * tick, 150);
    world.stream.encode(tick);
    const frame = viewer.frame(new Uint8Array(4_096));
    if (frame) frames.push(Uint8Array.from(frame));
  }
  return frames;
}

const frames = recorded(21, 30);
const CORPUS = new URL("./corpus/", import.meta.url);

/** Reads all, and what a page would do afterwards. It must not throw, and what it shows must be of the definition. */
function readAll(all: readonly Uint8Array[]) {
  const view = createStreamView(small);
  const reads = all.map((bytes) => view.read(bytes));
  for (const { x, y, angle, fields, kind } of view.entities.values()) {
    expect(x).toBeGreaterThanOrEqual(0);
    expect(x).toBeLessThanOrEqual(small.area.width);
    expect(y).toBeLessThanOrEqual(small.area.height);
    expect(angle).toBeLessThan(7);
    expect(Object.keys(fields)).toEqual(Object.keys((small.kinds[kind] as { fields?: object }).fields ?? {}));
  }
  expect(view.entities.size).toBeLessThanOrEqual(2 * small.entitiesMax);
  return { view, reads };
}

/** Both decoders take the same frames and refuse the same. */
function agreeOn(all: readonly Uint8Array[]): void {
  const second = createSecondDecoder(small);
  const { reads } = readAll(all);
  for (const [at, bytes] of all.entries()) {
    const why = (() => {
      try {
        second.read(bytes);
        return undefined;
      } catch (error) {
        return `${error}`;
      }
    })();
    // A checksum that does not match is no malformed frame: ours says `diverged`. More entities than can be is ours to refuse.
    if (why?.includes("the checksum") || (reads[at] as { why?: string }).why?.includes("more entities")) return;
    expect(reads[at]!.ok, why ?? "the second decoder took it").toBe(why === undefined);
    if (why) return;
  }
}

const broken = (bytes: Uint8Array, change: (copy: Uint8Array) => Uint8Array | undefined) => {
  const copy = Uint8Array.from(bytes);
  return change(copy) ?? copy;
};

describe("frames that are not ours", () => {
  it("[ST11] are refused with a reason, never an exception: random bytes behind a good head, and without", () => {
    const head = frames[0]!.subarray(0, 6);
    const all: boolean[] = [];
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 4 }), (noise) => {
        all.push(...readAll(noise).reads.map(({ ok }) => ok));
        const headed = noise.map((bytes) => Uint8Array.from([...head, ...bytes]));
        all.push(...readAll(headed).reads.map(({ ok }) => ok));
        agreeOn(headed);
      }),
      { numRuns: 500, seed: 1 },
    );
    for (const ok of [true, false]) expect(all.filter((each) => each === ok).length).toBeGreaterThan(50);
  });

  it("[ST11] cut anywhere, a frame is refused or says less, and both decoders agree", () => {
    for (const at of [0, 1, 4, 12]) {
      for (let length = 0; length < frames[at]!.length; length += 3) {
        agreeOn([...frames.slice(0, at), frames[at]!.subarray(0, length)]);
      }
    }
  });

  it("[ST11] with bits flipped, both decoders agree on what is taken", () => {
    const dice = seeded(99);
    for (let run = 0; run < 400; run++) {
      const at = Math.floor(dice() * 12);
      const flipped = broken(frames[at]!, (copy) => {
        for (let n = Math.floor(dice() * 3); n >= 0; n--)
          copy[Math.floor(dice() * copy.length)]! ^= 1 << Math.floor(dice() * 8);
        return undefined;
      });
      agreeOn([...frames.slice(0, at), flipped, ...frames.slice(at + 1, at + 3)]);
    }
  });

  it.each(readdirSync(CORPUS))("[ST11] the pinned frames of %s", (file) => {
    const [why = "", ...lines] = readFileSync(new URL(file, CORPUS), "utf8").trim().split("\n");
    const bad = lines.map((hex) => Uint8Array.from(Buffer.from(hex, "hex")));
    const { reads } = readAll(bad);
    expect(reads.at(-1)).toEqual({ ok: false, why });
    agreeOn(bad);
  });

  it("[ST12] leave the view refusing until a fresh frame, which heals it", () => {
    const world = createRandomWorld(31);
    const viewer = world.stream.viewer({ near: 90 });
    const view = createStreamView(small);
    viewer.look(200, 150);
    const frame = (tick: number) => {
      world.simulate();
      world.stream.encode(tick);
      return viewer.frame(new Uint8Array(4_096));
    };
    while (world.stream.stats.entities < 40) world.simulate();
    expect(view.diverged).toBe(true);
    expect(view.read(frame(1)!)).toEqual({ ok: true });
    expect(view.diverged).toBe(false);
    const cut = frame(2)!;
    expect(view.read(cut.subarray(0, cut.length - 2))).toMatchObject({ ok: false });
    expect(view.read(frame(3)!)).toEqual({ ok: false, why: "a fresh frame is needed" });
    expect(view.diverged).toBe(true);
    viewer.restart();
    expect(view.read(frame(4)!)).toEqual({ ok: true });
    expect(view.diverged).toBe(false);
    const truth = [...world.stream.all()].filter(({ cell }) => viewer.held.includes(cell)).map(({ id }) => id);
    expect([...view.entities.keys()].sort()).toEqual(truth.sort());
  });

  it("[ST12] a lost frame shows within 20 ticks, by its checksum at the latest", () => {
    const stream = createStream(small);
    const viewer = stream.viewer({ near: 90 });
    const view = createStreamView(small);
    const ship = stream.spawn("ship", { x: 200, y: 150, hp: 50 });
    viewer.look(200, 150);
    let divergedAt = 0;
    for (let tick = 1; tick <= 60; tick++) {
      if (tick === 21) stream.set(ship, "hp", 51);
      stream.encode(tick);
      const frame = viewer.frame(new Uint8Array(4_096));
      if (frame && tick !== 21) view.read(frame);
      if (view.diverged && tick > 1) divergedAt ||= tick;
    }
    expect(divergedAt).toBeGreaterThan(21);
    expect(divergedAt).toBeLessThanOrEqual(41);
  });

  it("[ST12] another build's definition is noticed at once, and so is a frame that comes twice", () => {
    const other = { ...small, kinds: { ...small.kinds, rock: { angle: 8 } } };
    expect(createStreamView(other).read(frames[0]!)).toEqual({ ok: false, why: "another definition" });
    const { reads } = readAll([frames[0]!, frames[1]!, frames[1]!]);
    expect(reads.at(-1)).toEqual({ ok: false, why: "a tick that has passed" });
  });
});
