/** Which part of the arena a canvas shows: it follows a ship softly and stays near the walls. */
import { clamp, type Point } from "../room/geometry.ts";
import { WORLD } from "../room/rules.ts";

/** Units of arena across, for small and large canvases. */
const VIEW_MIN = 640;
const VIEW_MAX = 1_040;
/** How much of the outside may be seen, so that a ship in a corner is not under the scores. */
const MARGIN = 100;
/** The camera makes up all but a third of its distance in this time. */
const FOLLOW_MS = 110;

export interface Camera {
  /** Canvas pixels (CSS) per unit. */
  readonly scale: number;
  follow(target: Point, width: number, height: number, elapsedMs: number): void;
  toWorld(place: Point): Point;
  toCanvas(point: Point): Point;
}

export function createCamera(): Camera {
  let centre: Point | undefined;
  let [scale, halfX, halfY] = [1, 0, 0];
  return {
    get scale() {
      return scale;
    },
    follow(target, width, height, elapsedMs) {
      const units = clamp(Math.max(width, height) * 1.5, VIEW_MIN, VIEW_MAX);
      scale = Math.max(width, height) / units;
      halfX = width / 2;
      halfY = height / 2;
      const wanted = {
        x: within(target.x, halfX / scale, WORLD.width),
        y: within(target.y, halfY / scale, WORLD.height),
      };
      centre ??= wanted;
      const part = 1 - Math.exp(-elapsedMs / FOLLOW_MS);
      centre = { x: centre.x + (wanted.x - centre.x) * part, y: centre.y + (wanted.y - centre.y) * part };
    },
    toWorld: ({ x, y }) => ({ x: (x - halfX) / scale + (centre?.x ?? 0), y: (y - halfY) / scale + (centre?.y ?? 0) }),
    toCanvas: ({ x, y }) => ({ x: (x - (centre?.x ?? 0)) * scale + halfX, y: (y - (centre?.y ?? 0)) * scale + halfY }),
  };
}

/** Keeps a view of `half` units to each side inside the arena and its margin; a view larger than that is centred. */
function within(at: number, half: number, size: number): number {
  const near = half - MARGIN;
  const far = size - half + MARGIN;
  return near > far ? size / 2 : clamp(at, near, far);
}
