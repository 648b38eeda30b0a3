/** What a server's window of time cost: its processor, its ticks, its frames; and when each tick began. */
import type { GameServerEvent } from "@frontrow/game-server/observe.ts";
import { createMachineClock } from "./world.ts";

export interface Window {
  /** Of one core, over all threads of the process. */
  readonly cpuPercent: number;
  readonly tickP50Ms: number;
  readonly tickP99Ms: number;
  readonly ticks: number;
  readonly frames: number;
  readonly bytes: number;
  /** Clients that were made slower or closed. */
  readonly slowed: number;
  readonly encodeMs: number;
  readonly lastedMs: number;
  /** Number and machine time of each tick's beginning. */
  readonly began: Float64Array;
}

export const quantile = (sorted: readonly number[] | Float64Array, q: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;

export function createMeter() {
  const nowMs = createMachineClock();
  let [took, encode, began]: number[][] = [[], [], []];
  let [frames, bytes, slowed, startMs] = [0, 0, 0, 0];
  let cpu = process.cpuUsage();

  return {
    tickBegan: (tick: number) => void began!.push(tick, nowMs()),
    observe(event: GameServerEvent): void {
      if (event.kind === "turn") took!.push(event.tookMs);
      else if (event.kind === "stream-pace" && event.pace !== "full") slowed++;
      else if (event.kind === "slow-client" && event.action === "closed") slowed++;
      else if (event.kind === "stream-tick") {
        encode!.push(event.encodeMs);
        frames += event.frames;
        bytes += event.bytes;
      } else if (event.kind === "bad-client") console.error(event);
    },
    begin(): void {
      [took, encode, began] = [[], [], []];
      frames = bytes = slowed = 0;
      startMs = nowMs();
      cpu = process.cpuUsage();
    },
    end(): Window {
      const { user, system } = process.cpuUsage(cpu);
      const lastedMs = nowMs() - startMs;
      const sorted = took!.sort((a, b) => a - b);
      return {
        cpuPercent: (user + system) / 10 / lastedMs,
        tickP50Ms: quantile(sorted, 0.5),
        tickP99Ms: quantile(sorted, 0.99),
        ticks: took!.length,
        frames,
        bytes,
        slowed,
        encodeMs: quantile(
          encode!.sort((a, b) => a - b),
          0.5,
        ),
        lastedMs,
        began: Float64Array.from(began!),
      };
    },
  };
}
export type Meter = ReturnType<typeof createMeter>;
