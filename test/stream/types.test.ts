import { createStreamView } from "@frontrow/client/stream.ts";
import { createStream } from "@frontrow/game-server/stream/stream.ts";
import { expect, expectTypeOf, it } from "vitest";
import { small } from "./world.ts";

it("[ST15] a wrong kind, field or value does not compile, on either side", () => {
  const stream = createStream(small);
  const ship = stream.spawn("ship", { x: 1, y: 1, angle: 0, hp: 3 });
  const mine = stream.spawn("mine", { x: 1, y: 1 });
  // @ts-expect-error no such kind
  expect(() => stream.spawn("boat", { x: 1, y: 1 })).toThrow('no "boat"');
  // @ts-expect-error a rock has no fields
  stream.spawn("rock", { x: 1, y: 1, hp: 3 });
  // @ts-expect-error a mine has no angle
  stream.spawn("mine", { x: 1, y: 1, angle: 3 });
  // @ts-expect-error no such field
  expect(() => stream.set(ship, "armor", 3)).toThrow('no "armor"');
  // @ts-expect-error a field of another kind
  expect(() => stream.set(mine, "hp", 3)).toThrow('no "hp"');
  // @ts-expect-error not one of its values
  stream.set(ship, "weapon", "spoon");
  // @ts-expect-error no such event
  expect(() => stream.emit("splash", 1, 1)).toThrow('no "splash"');

  const view = createStreamView(small);
  for (const entity of view.entities.values()) {
    expectTypeOf(entity.kind).toEqualTypeOf<"ship" | "rock" | "mine">();
    if (entity.kind === "ship") expectTypeOf(entity.fields.weapon).toEqualTypeOf<"laser" | "gun" | "none">();
    // @ts-expect-error a mine has no hp
    if (entity.kind === "mine") entity.fields.hp;
  }
  for (const event of view.events) if (event.event === "shot") expectTypeOf(event.fields.by).toEqualTypeOf<number>();
  expect(view.entities.size).toBe(0);
});
