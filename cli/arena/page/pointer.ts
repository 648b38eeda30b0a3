/**
 * Mouse and touch on one canvas. The mouse aims and shoots while it is pressed. On a touch screen the left half is a stick
 * that moves and the right half one that aims and shoots.
 */
import type { Point } from "../room/geometry.ts";

/** How far a finger moves for full speed; CSS pixels. */
const REACH = 48;
/** Closer to its start a finger means nothing yet. */
const DEAD = 8;

export interface Stick {
  readonly start: Point;
  readonly now: Point;
}

export interface PointerInput {
  /** Where the pressed mouse points, in CSS pixels of the canvas. */
  mouse(): Point | undefined;
  moving(): Stick | undefined;
  aiming(): Stick | undefined;
}

export function createPointerInput(canvas: HTMLCanvasElement): PointerInput {
  const fingers = new Map<number, { start: Point; now: Point; part: "mouse" | "moving" | "aiming" }>();
  const place = ({ clientX, clientY }: PointerEvent): Point => {
    const box = canvas.getBoundingClientRect();
    return { x: clientX - box.left, y: clientY - box.top };
  };
  const find = (part: string) => [...fingers.values()].find((finger) => finger.part === part);

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const start = place(event);
    const half = start.x < canvas.clientWidth / 2 ? "moving" : "aiming";
    fingers.set(event.pointerId, { start, now: start, part: event.pointerType === "mouse" ? "mouse" : half });
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    const finger = fingers.get(event.pointerId);
    if (finger) finger.now = place(event);
  });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"] as const) {
    canvas.addEventListener(end, (event) => fingers.delete(event.pointerId));
  }
  return { mouse: () => find("mouse")?.now, moving: () => find("moving"), aiming: () => find("aiming") };
}

/** A stick's deflection, each axis -1 to 1; undefined while it is in its dead middle. */
export function deflection(stick: Stick | undefined): Point | undefined {
  if (!stick) return undefined;
  const x = stick.now.x - stick.start.x;
  const y = stick.now.y - stick.start.y;
  const length = Math.hypot(x, y);
  if (length < DEAD) return undefined;
  const scale = Math.min(1, length / REACH) / length;
  return { x: x * scale, y: y * scale };
}
