/** A pane's canvas, its player's hands on it, and what is drawn: the room as its mirror sees it, or the last that was seen of one. */
import { WORLD } from "../room/rules.ts";
import { createCamera } from "./camera.ts";
import { draw } from "./draw.ts";
import { createEffects } from "./effects.ts";
import type { Keyboard, Scheme } from "./keys.ts";
import type { Mirror, Seen, SeenShip } from "./mirror.ts";
import type { Palette } from "./palette.ts";
import { createPilotSeat } from "./pilot-seat.ts";
import { createPointerInput } from "./pointer.ts";

export interface ViewOptions {
  readonly canvas: HTMLCanvasElement;
  readonly keyboard: Keyboard;
  readonly scheme: Scheme;
  readonly palette: () => Palette;
}

export interface View {
  /** Draws; without a mirror the last scene stays, so that a match's end is seen behind its result. */
  frame(mirror: Mirror | undefined, nowMs: number): void;
  /** Ships of the last frame. */
  ships(): readonly SeenShip[];
  /** An empty arena. */
  clear(): void;
}

const NOTHING: Seen = { ships: [], shots: [], drones: [], bursts: [] };
const MIDDLE = { x: WORLD.width / 2, y: WORLD.height / 2 };

export function createView({ canvas, keyboard, scheme, palette }: ViewOptions): View {
  const camera = createCamera();
  const effects = createEffects();
  const pointer = createPointerInput(canvas);
  const pilot = createPilotSeat(keyboard, scheme, pointer);
  let seen = NOTHING;
  let lastMs = 0;

  return {
    frame(mirror, nowMs) {
      if (mirror) seen = mirror.frame(nowMs, pilot.intent(seen.ships, camera.toWorld));
      const me = seen.ships.find((ship) => ship.mine) ?? MIDDLE;
      camera.follow(me, canvas.clientWidth, canvas.clientHeight, nowMs - lastMs);
      lastMs = nowMs;
      const sticks = [pointer.moving(), pointer.aiming()].filter((stick) => stick !== undefined);
      // A shot that stands still must not burst again and again.
      const sparks = effects.frame(nowMs, mirror ? seen : { ...seen, shots: [], bursts: [] });
      draw(canvas, camera, { ...seen, sparks, sticks }, palette());
    },
    ships: () => seen.ships,
    clear() {
      seen = NOTHING;
    },
  };
}
