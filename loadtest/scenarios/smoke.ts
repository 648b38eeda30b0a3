/**
 * Smoke: players open an edge socket, ask to play, get their seat and give it back, over the JSON subprotocol.
 *
 *   k6 run -e TARGET=ws://localhost:2567 loadtest/scenarios/smoke.ts
 *
 * Runs against any deployment; GAME_MODE (arena), VUS (5) and DURATION (10s) can be set the same way, PLAYER_JWT where guests may not
 * play. k6 exits with 99 when a threshold fails, so a dead server fails it. Timings in k6 are whole milliseconds at best:
 * for percentiles use the benches.
 */
import { check, fail } from "k6";
import { Counter, Rate, Trend } from "k6/metrics";
import type { Options } from "k6/options";
import { type Journey, journey } from "../lib/journey.ts";

const target = __ENV.TARGET ?? "ws://localhost:2567";
const mode = __ENV.GAME_MODE ?? "arena";

const seats = new Counter("frontrow_seats");
const seated = new Rate("frontrow_seated");
const seatMs = new Trend("frontrow_seat_ms", true);

export const options: Options = {
  vus: Number(__ENV.VUS ?? 5),
  duration: __ENV.DURATION ?? "10s",
  thresholds: {
    // Rates and trends pass without samples, so something must have happened.
    frontrow_seats: ["count>0"],
    frontrow_seated: ["rate>0.99"],
    frontrow_seat_ms: ["p(95)<1000"],
    checks: ["rate>0.99"],
  },
};

/** One journey before the load: a wrong address ends the run at once instead of filling the log. */
export async function setup(): Promise<void> {
  const first = await journey(target, mode, __ENV.PLAYER_JWT);
  if (!first.ok) fail(`no seat at ${target}: ${first.code} ${first.message}`);
}

export default async function play(): Promise<void> {
  const done: Journey = await journey(target, mode, __ENV.PLAYER_JWT);
  seated.add(done.ok);
  check(done, {
    "the seat has a room": (j) => j.ok && j.roomId !== "",
    "the seat was given back": (j) => j.ok && j.givenBack,
  });
  if (!done.ok) return;
  seats.add(1);
  seatMs.add(done.seatMs);
}
