/** Draws one frame of the arena; knows nothing of where the ships come from. */
import type { Point } from "../room/geometry.ts";
import { BLOCKS, DRONE, SHIP, SHOT, WORLD } from "../room/rules.ts";
import type { Camera } from "./camera.ts";
import type { Spark } from "./effects.ts";
import type { SeenDrone, SeenShip, SeenShot } from "./mirror.ts";
import type { Palette } from "./palette.ts";
import type { Stick } from "./pointer.ts";

export interface Scene {
  readonly ships: readonly SeenShip[];
  readonly shots: readonly SeenShot[];
  readonly drones: readonly SeenDrone[];
  readonly sparks: readonly Spark[];
  readonly sticks: readonly Stick[];
}

type Context = CanvasRenderingContext2D;
const GRID = 100;

/** Fits the canvas' pixels to its size on the page. */
function fit(canvas: HTMLCanvasElement): { width: number; height: number; density: number } {
  const density = Math.min(2, devicePixelRatio || 1);
  const { clientWidth: width, clientHeight: height } = canvas;
  if (canvas.width !== Math.round(width * density)) canvas.width = Math.round(width * density);
  if (canvas.height !== Math.round(height * density)) canvas.height = Math.round(height * density);
  return { width, height, density };
}

export function draw(canvas: HTMLCanvasElement, camera: Camera, scene: Scene, palette: Palette): void {
  const context = canvas.getContext("2d")!;
  const { width, height, density } = fit(canvas);
  context.setTransform(density, 0, 0, density, 0, 0);
  context.fillStyle = palette.wall;
  context.fillRect(0, 0, width, height);

  const origin = camera.toCanvas({ x: 0, y: 0 });
  const zoom = density * camera.scale;
  context.setTransform(zoom, 0, 0, zoom, origin.x * density, origin.y * density);
  drawFloor(context, palette);
  const looks = new Map(scene.ships.map(({ id, ship }) => [id, ship.look]));
  for (const drone of scene.drones) drawDrone(context, drone, palette);
  for (const shot of scene.shots) drawShot(context, shot, palette.hull(looks.get(shot.owner) ?? 0));
  for (const seen of scene.ships) if (seen.ship.alive) drawShip(context, seen, palette);
  for (const spark of scene.sparks) drawSpark(context, spark, palette.hull(spark.look));

  context.setTransform(density, 0, 0, density, 0, 0);
  drawMap(context, scene, palette, width, height);
  for (const stick of scene.sticks) drawStick(context, stick, palette);
}

function drawFloor(context: Context, { floor, grid, wall, edge }: Palette): void {
  context.fillStyle = floor;
  context.fillRect(0, 0, WORLD.width, WORLD.height);
  context.beginPath();
  for (let x = GRID; x < WORLD.width; x += GRID) context.rect(x - 0.75, 0, 1.5, WORLD.height);
  for (let y = GRID; y < WORLD.height; y += GRID) context.rect(0, y - 0.75, WORLD.width, 1.5);
  context.fillStyle = grid;
  context.fill();
  context.beginPath();
  for (const { x, y, width, height } of BLOCKS) context.roundRect(x, y, width, height, 10);
  context.fillStyle = wall;
  context.fill();
  context.strokeStyle = edge;
  context.lineWidth = 3;
  context.stroke();
  context.strokeRect(0, 0, WORLD.width, WORLD.height);
}

function drawShip(context: Context, { x, y, aim, ship, mine }: SeenShip, palette: Palette): void {
  const { radius } = SHIP;
  const colour = palette.hull(ship.look);
  context.save();
  context.translate(x, y);
  if (mine) {
    context.beginPath();
    context.arc(0, 0, radius + 9, 0, 2 * Math.PI);
    context.fillStyle = palette.halo;
    context.fill();
  }
  context.rotate(aim);
  context.beginPath();
  context.roundRect(radius * 0.4, -5, radius * 0.95, 10, 4);
  context.fillStyle = palette.ink;
  context.fill();
  context.beginPath();
  context.arc(0, 0, radius, 0, 2 * Math.PI);
  context.fillStyle = colour;
  context.fill();
  // The nose is the same round hull, a little darker towards the stern, so that its direction is seen without the barrel.
  context.beginPath();
  context.arc(0, 0, radius, 2.1, -2.1);
  context.fillStyle = "rgb(0 0 0 / 0.18)";
  context.fill();
  context.restore();
  drawHealth(context, x, y, ship.health, palette);
  context.fillStyle = palette.ink;
  context.font = `${mine ? 600 : 500} 17px system-ui, sans-serif`;
  context.textAlign = "center";
  context.fillText(ship.name, x, y + radius + 24);
}

/** A dart: small, and plainly no ship. */
function drawDrone(context: Context, { x, y, angle, entity }: SeenDrone, palette: Palette): void {
  const { radius } = DRONE;
  context.save();
  context.translate(x, y);
  context.rotate(angle);
  context.beginPath();
  context.moveTo(radius, 0);
  context.lineTo(-radius * 0.8, radius * 0.7);
  context.lineTo(-radius * 0.35, 0);
  context.lineTo(-radius * 0.8, -radius * 0.7);
  context.closePath();
  context.globalAlpha = 0.8;
  context.fillStyle = palette.hull(entity.fields.look);
  context.fill();
  context.restore();
}

function drawHealth(context: Context, x: number, y: number, health: number, { ink, grid }: Palette): void {
  const width = 10;
  for (let i = 0; i < SHIP.health; i++) {
    context.beginPath();
    context.roundRect(x + (i - SHIP.health / 2) * (width + 3) + 1.5, y - SHIP.radius - 17, width, 5, 2.5);
    context.fillStyle = i < health ? ink : grid;
    context.fill();
  }
}

function drawShot(context: Context, { x, y, angle, ended }: SeenShot, colour: string): void {
  if (ended) return;
  const tail = { x: x - Math.cos(angle) * 26, y: y - Math.sin(angle) * 26 };
  context.lineCap = "round";
  context.strokeStyle = colour;
  for (const [width, alpha] of [
    [SHOT.radius * 3.2, 0.25],
    [SHOT.radius * 1.5, 1],
  ] as const) {
    context.globalAlpha = alpha;
    context.lineWidth = width;
    context.beginPath();
    context.moveTo(tail.x, tail.y);
    context.lineTo(x, y);
    context.stroke();
  }
  context.globalAlpha = 1;
}

function drawSpark(context: Context, { x, y, radius, fade }: Spark, colour: string): void {
  context.globalAlpha = fade;
  context.strokeStyle = colour;
  context.lineWidth = 2 + 5 * fade;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.stroke();
  context.globalAlpha = 1;
}

/** The whole arena in a corner: who is out of sight is seen here, and who is beneath it shines through. */
function drawMap(context: Context, { ships }: Scene, palette: Palette, width: number, height: number): void {
  const size = Math.min(120, width * 0.18);
  const scale = size / WORLD.width;
  context.save();
  context.translate(width - size - 12, height - WORLD.height * scale - 12);
  context.globalAlpha = 0.35;
  context.fillStyle = palette.floor;
  context.strokeStyle = palette.edge;
  context.lineWidth = 1;
  context.beginPath();
  context.roundRect(0, 0, size, WORLD.height * scale, 4);
  context.fill();
  context.globalAlpha = 0.7;
  context.stroke();
  context.fillStyle = palette.wall;
  for (const b of BLOCKS) context.fillRect(b.x * scale, b.y * scale, b.width * scale, b.height * scale);
  context.globalAlpha = 1;
  for (const { x, y, ship, mine } of ships) {
    if (!ship.alive) continue;
    context.beginPath();
    context.arc(x * scale, y * scale, mine ? 3.5 : 2.5, 0, 2 * Math.PI);
    context.fillStyle = palette.hull(ship.look);
    context.fill();
  }
  context.restore();
}

function drawStick(context: Context, { start, now }: Stick, { ink }: Palette): void {
  const ring = (at: Point, radius: number, alpha: number) => {
    context.globalAlpha = alpha;
    context.beginPath();
    context.arc(at.x, at.y, radius, 0, 2 * Math.PI);
    context.fillStyle = ink;
    context.fill();
  };
  ring(start, 48, 0.12);
  ring(now, 22, 0.3);
  context.globalAlpha = 1;
}
