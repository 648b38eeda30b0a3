/**
 * The stream of a joined room, ready to be drawn by whatever draws: frames wait here until their time has come (`playout.ts`), and
 * what moves is placed between two ticks. Headless: `advance` once a picture, then read.
 *
 *   const live = followStream(room, arena, { tickHz: 20 });
 *   function draw() {
 *     live.advance();
 *     for (const { entity, x, y, angle } of live.shown()) …
 *     requestAnimationFrame(draw);
 *   }
 *
 * About four times a second it tells the server which tick it has reached, so that one that falls behind is sent less, and asks for
 * everything anew when what it has is not what the server has. A page in the background draws nothing and stays up to date all the same.
 */
import { tickOf } from "@frontrow/shared/stream/decode.ts";
import type { Events, Kinds, StreamDefinition } from "@frontrow/shared/stream/define.ts";
import { encodeEcho, STREAM_MESSAGE } from "@frontrow/shared/stream/echo.ts";
import { createStreamView, type StreamEntity, type StreamEvent, type StreamView } from "../stream.ts";
import { createPlayout } from "./playout.ts";

/** As much of a Colyseus room as is needed; the SDK's `Room` is one. */
export interface StreamRoom {
  onMessage(type: string, heard: (bytes: Uint8Array) => void): () => void;
  sendBytes(type: string, bytes: Uint8Array): void;
}

export interface LiveOptions {
  /** Ticks a second of the room. */
  readonly tickHz: number;
  /** Who moves further than this between two ticks did not go there but was put there; in the game's unit. A cell unless told. */
  readonly jump?: number;
  readonly nowMs?: () => number;
}

/** Where an entity is at the moment that is shown. */
export interface Placed<K extends Kinds> {
  readonly entity: StreamEntity<K>;
  readonly x: number;
  readonly y: number;
  /** Radians. */
  readonly angle: number;
}

export interface LiveStream<K extends Kinds, E extends Events> {
  /** Takes the frames whose time has come; what they brought, in order. */
  advance(): Brought<K, E>;
  shown(): Generator<Placed<K>>;
  /** Undefined: it is not in view. */
  place(id: number): Placed<K> | undefined;
  /** The tick that is shown, with its fraction; -1 before the first frame. */
  readonly tick: number;
  /** How much later than it could be everything is shown, ms. */
  readonly delayMs: number;
  /** Times that everything was asked for anew. */
  readonly restarts: number;
  stop(): void;
}

export interface Brought<K extends Kinds, E extends Events> {
  readonly entered: readonly StreamEntity<K>[];
  readonly left: readonly { readonly entity: StreamEntity<K>; readonly removed: boolean }[];
  readonly events: readonly StreamEvent<E>[];
}

/** Shorter than the half second after which a client counts as slow. */
const ECHO_MS = 250;
/** Everything is asked for anew no more often than this. */
const RESTART_MS = 1_000;
/** When nobody advanced for so long nobody looks: frames are taken as they come. */
const UNWATCHED_MS = 500;

export function followStream<K extends Kinds, E extends Events>(
  room: StreamRoom,
  definition: StreamDefinition<K, E>,
  { tickHz, jump = definition.cell, nowMs = () => performance.now() }: LiveOptions,
): LiveStream<K, E> {
  const view: StreamView<K, E> = createStreamView(definition);
  const playout = createPlayout(1_000 / tickHz);
  const waiting: { tick: number; bytes: Uint8Array }[] = [];
  let brought = nothing<K, E>();
  /** The last frame did not fit, or what it left is not what the server has. */
  let isLost = false;
  let [tick, advancedMs, echoedMs, restartedMs, restarts] = [-1, nowMs(), Number.NEGATIVE_INFINITY, -RESTART_MS, 0];
  /** Of the last frame that was taken, also of one that could not be shown; and the one that the server was told last. */
  let [reached, told] = [-1, -1];
  let tellingLater: ReturnType<typeof setTimeout> | undefined;

  function take(bytes: Uint8Array): void {
    isLost = !view.read(bytes).ok || view.diverged;
    brought.entered.push(...view.entered);
    brought.left.push(...view.left);
    brought.events.push(...view.events);
  }

  function takeUntil(tick: number): void {
    while (waiting.length > 0 && waiting[0]!.tick < tick + 1) {
      const next = waiting.shift()!;
      take(next.bytes);
      reached = next.tick;
    }
  }

  function tellServer(now: number): void {
    if (isLost && now - restartedMs >= RESTART_MS) {
      restartedMs = now;
      restarts++;
      told = reached;
      // What it threw away is read, too: a server that waits for that would else wait for ever.
      room.sendBytes(STREAM_MESSAGE, encodeEcho({ tick: Math.max(0, reached), restart: true }));
    } else if (reached !== told && now - echoedMs >= ECHO_MS) {
      echoedMs = now;
      told = reached;
      room.sendBytes(STREAM_MESSAGE, encodeEcho({ tick: reached, restart: false }));
    }
    // To one that fell behind nothing more is sent before it has said that it has shown all of it: no frame would remind it.
    if (waiting.length > 0 || reached !== told) tellingLater ??= setTimeout(tellLater, ECHO_MS);
  }

  function tellLater(): void {
    tellingLater = undefined;
    keepUp(nowMs());
  }

  function keepUp(now: number): void {
    if (now - advancedMs > UNWATCHED_MS) {
      takeUntil(Number.POSITIVE_INFINITY);
      brought = nothing();
    }
    tellServer(now);
  }

  const forget = room.onMessage(STREAM_MESSAGE, (bytes) => {
    const now = nowMs();
    const of = tickOf(bytes);
    if (of === undefined) take(bytes);
    else {
      playout.arrived(of, now);
      waiting.push({ tick: of, bytes: bytes.slice() });
    }
    keepUp(now);
  });

  /** Of the step that told its place: far cells step every second or fourth tick. */
  function placed(entity: StreamEntity<K>): Placed<K> {
    const { rate } = entity.quantized;
    const past = tick - (view.tick - (view.tick % rate));
    const isPut = Math.abs(entity.vx) * rate > jump || Math.abs(entity.vy) * rate > jump;
    const ahead = isPut ? 0 : Math.max(-rate, Math.min(rate, past));
    return { entity, x: entity.x + entity.vx * ahead, y: entity.y + entity.vy * ahead, angle: entity.angle };
  }

  return {
    advance() {
      advancedMs = nowMs();
      const at = playout.at(advancedMs);
      if (at !== undefined) {
        tick = at;
        takeUntil(at);
        tellServer(advancedMs);
      }
      const news = brought;
      brought = nothing();
      return news;
    },
    *shown() {
      for (const entity of view.entities.values()) yield placed(entity);
    },
    place(id) {
      const entity = view.entities.get(id);
      return entity && placed(entity);
    },
    get tick() {
      return tick;
    },
    get delayMs() {
      return playout.delayMs;
    },
    get restarts() {
      return restarts;
    },
    stop() {
      clearTimeout(tellingLater);
      forget();
    },
  };
}

const nothing = <K extends Kinds, E extends Events>() => ({
  entered: [] as StreamEntity<K>[],
  left: [] as { entity: StreamEntity<K>; removed: boolean }[],
  events: [] as StreamEvent<E>[],
});
