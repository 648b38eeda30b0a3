/** What a game server tells, counted: one line an event. A kind that has none here does not compile. */
import type { GameServerEvent, Observe } from "@frontrow/game-server/observe.ts";
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
    "room-threw": ({ where }) => metrics.roomsThrew.inc({ where }),
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
