/** A small world in which everything happens: kinds with and without angle, fields, events, cells of which a view has some. */
import { createStream, type EntityId } from "@frontrow/game-server/stream/stream.ts";
import type { Viewer } from "@frontrow/game-server/stream/viewer.ts";
import { seeded } from "@frontrow/matchmaker/simulate/seeded.ts";
import { defineStream, flag, int, oneOf } from "@frontrow/shared/stream/define.ts";

export const small = defineStream({
  area: { width: 400, height: 300 },
  cell: 50,
  step: 1 / 8,
  entitiesMax: 200,
  kinds: {
    ship: { angle: 8, fields: { hp: int(0, 100), weapon: oneOf("laser", "gun", "none"), shield: flag() } },
    rock: {},
    mine: { fields: { armed: flag(), owner: int(-5, 5) } },
  },
  events: { shot: { fields: { by: int(0, 199), loud: flag() } }, boom: {} },
});

interface Thing {
  id: EntityId;
  kind: "ship" | "rock" | "mine";
  x: number;
  y: number;
  heading: number;
  speed: number;
}

export type SmallStream = ReturnType<typeof createSmallStream>;
const createSmallStream = () => createStream(small);

/** A random world: things come, steer, stop, jump, change and go. */
export function createRandomWorld(seed: number) {
  const dice = seeded(seed);
  const stream = createSmallStream();
  const things: Thing[] = [];
  const pick = (n: number) => Math.floor(dice() * n);
  const seen = { spawned: 0, removed: 0, jumped: 0, emitted: 0 };

  function spawn(): void {
    const kind = (["ship", "rock", "mine"] as const)[pick(3)]!;
    const [x, y] = [dice() * 420 - 10, dice() * 320 - 10];
    const id =
      kind === "ship"
        ? stream.spawn("ship", { x, y, angle: dice() * 7, hp: pick(101), weapon: "gun" })
        : kind === "rock"
          ? stream.spawn("rock", { x, y })
          : stream.spawn("mine", { x, y, armed: dice() < 0.5, owner: pick(11) - 5 });
    things.push({ id, kind, x, y, heading: dice() * 6, speed: kind === "rock" ? 0 : dice() * 12 });
    seen.spawned += 1;
  }

  function change(thing: Thing): void {
    if (thing.kind === "ship") {
      if (dice() < 0.5) stream.set(thing.id as EntityId<"ship">, "hp", pick(101));
      else stream.set(thing.id as EntityId<"ship">, "shield", dice() < 0.5);
    } else if (thing.kind === "mine") stream.set(thing.id as EntityId<"mine">, "owner", pick(11) - 5);
  }

  function live(thing: Thing): void {
    if (dice() < 0.05) thing.speed = dice() < 0.4 ? 0 : dice() * 15;
    if (dice() < 0.1) change(thing);
    if (dice() < 0.01) {
      [thing.x, thing.y] = [dice() * 400, dice() * 300];
      seen.jumped += 1;
    } else if (thing.speed === 0) return;
    thing.heading += (dice() - 0.5) * (dice() < 0.2 ? 6 : 0.3);
    thing.x = Math.min(405, Math.max(-5, thing.x + Math.cos(thing.heading) * thing.speed));
    thing.y = Math.min(305, Math.max(-5, thing.y + Math.sin(thing.heading) * thing.speed));
    stream.move(thing.id, thing.x, thing.y, thing.heading);
  }

  function simulate(): void {
    if (things.length < 60 || (things.length < 150 && dice() < 0.3)) for (let n = pick(8); n >= 0; n--) spawn();
    for (let n = things.length - 1; n >= 0; n--) {
      if (dice() < 0.02) {
        const [gone] = things.splice(n, 1);
        stream.remove(gone!.id);
        seen.removed += 1;
      } else live(things[n]!);
    }
    for (let n = pick(5); n > 0; n--) {
      const [x, y] = [dice() * 400, dice() * 300];
      if (dice() < 0.5) stream.emit("shot", x, y, { by: pick(200), loud: true });
      else stream.emit("boom", x, y);
      seen.emitted += 1;
    }
  }
  return { stream, dice, pick, simulate, seen };
}

/** Somebody who looks around, changes rates, misses frames and starts anew. */
export function createWanderer({ stream, dice, pick }: ReturnType<typeof createRandomWorld>) {
  const interests = [
    { near: 60 },
    { near: 40, half: 90, quarter: 150 },
    { near: 0, quarter: 200 },
    { width: 120, height: 80, half: 60 },
    { width: 900, height: 900 },
  ];
  const viewer: Viewer = stream.viewer(interests[pick(interests.length)]!);
  let [x, y] = [dice() * 400, dice() * 300];
  return {
    viewer,
    wander(): void {
      if (dice() < 0.02) [x, y] = [dice() * 400, dice() * 300];
      x += (dice() - 0.5) * 30;
      y += (dice() - 0.5) * 30;
      viewer.look(x, y);
      if (dice() < 0.02) viewer.slower(([1, 2, 4] as const)[pick(3)]!);
      if (dice() < 0.01) viewer.widen(interests[pick(interests.length)]!);
      if (dice() < 0.01) viewer.restart();
    },
    /** Takes this tick's frame, or not. */
    skips: () => dice() < 0.01,
  };
}
