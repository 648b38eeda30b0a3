/** What a game server tells, counted, and how it stands, shown: one line each. A kind of event that has none does not compile. */
import type { GameServerEvent, Observe } from "@frontrow/game-server/observe.ts";
import type { GameServerSnapshot } from "@frontrow/game-server/options.ts";
import type { GameServerMetrics } from "../metrics.ts";

type Counts = {
  readonly [Kind in GameServerEvent["kind"]]: (event: Extract<GameServerEvent, { kind: Kind }>) => void;
};

export function countEvents(metrics: GameServerMetrics): Observe {
  const counts: Counts = {
    admission: ({ outcome }) => metrics.admissions.inc({ outcome }),
    heartbeat: ({ reply }) => metrics.heartbeats.inc({ reply }),
    result: ({ reply }) => metrics.results.inc({ reply }),
    cut: ({ mode }) => metrics.roomsCut.inc({ mode }),
    "slow-client": ({ action }) => metrics.slowClients.inc({ action }),
    "bad-client": ({ code }) => metrics.badClients.inc({ code }),
    "room-threw": ({ where, mode }) => metrics.roomsThrew.inc({ where, mode }),
    overrun: ({ mode }) => metrics.overruns.inc({ mode }),
    overload: ({ step, isTaken }) => metrics.overloadSteps.inc({ step, way: isTaken ? "taken" : "taken-back" }),
    "stream-pace": ({ pace }) => metrics.streamPaces.inc({ pace }),
    "stream-restart": () => metrics.streamRestarts.inc(),
    "stream-tick": ({ encodeMs, frames, bytes }) => {
      metrics.streamEncodeSeconds.observe(encodeMs / 1_000);
      metrics.streamFrames.inc(frames);
      metrics.streamBytes.inc(bytes);
    },
    turn: ({ tookMs, lateMs }) => {
      metrics.tickSeconds.observe(tookMs / 1_000);
      metrics.tickLateSeconds.observe(lateMs / 1_000);
    },
  };
  return (event) => counts[event.kind](event as never);
}

/** What is read off it once a second. */
export function showSnapshot(metrics: GameServerMetrics, now: GameServerSnapshot, modes: readonly string[]): void {
  for (const mode of modes) metrics.rooms.set({ mode }, now.rooms.filter((room) => room.mode === mode).length);
  for (const [state, rooms] of Object.entries(now.roomsByState)) metrics.roomsByState.set({ state }, rooms);
  metrics.seats.set(now.seated);
  metrics.seatsFree.set(Math.max(0, now.seatsMax - now.seated));
  metrics.load.set(now.load);
  metrics.tickOverBudget.set({ quantile: "0.5" }, now.tick.p50);
  metrics.tickOverBudget.set({ quantile: "0.99" }, now.tick.p99);
  metrics.overloadLevel.set(now.overloadLevel);
  metrics.draining.set(now.isDraining ? 1 : 0);
}
