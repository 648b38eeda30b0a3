/** The story that the golden bytes of `docs/reference/stream-format.md` tell. */
import { createStream } from "@frontrow/game-server/stream/stream.ts";
import { defineStream, flag, int, oneOf } from "@frontrow/shared/stream/define.ts";

export const goldenDefinition = defineStream({
  area: { width: 100, height: 50 },
  cell: 25,
  step: 0.5,
  entitiesMax: 100,
  kinds: { ship: { angle: 8, fields: { hp: int(0, 100), weapon: oneOf("laser", "gun") } }, rock: {} },
  events: { shot: { fields: { loud: flag() } } },
});

export function goldenFrames(): { tick: number; bytes: Uint8Array }[] {
  const stream = createStream(goldenDefinition);
  const viewer = stream.viewer({ width: 300, height: 300 });
  viewer.look(50, 25);
  const ship = stream.spawn("ship", { x: 10, y: 10, angle: 0, hp: 100 });
  const rock = stream.spawn("rock", { x: 60, y: 30 });
  const frames: { tick: number; bytes: Uint8Array }[] = [];
  for (let tick = 7; tick <= 15; tick++) {
    const n = tick - 7;
    stream.move(ship, 10 + 2 * n, 10 + n, 0.1 * n);
    if (tick === 9) {
      stream.set(ship, "hp", 42);
      stream.emit("shot", 14, 12, { loud: true });
    }
    if (tick === 12) stream.remove(rock);
    stream.encode(tick);
    const bytes = viewer.frame(new Uint8Array(256));
    if (bytes) frames.push({ tick, bytes });
  }
  return frames;
}
