/**
 * The stream in a room's hands, beside its schema state: what moves goes here. An ordinary Colyseus room adds it:
 *
 *   plugins = definePlugins([new MatchPlugin(), new StreamPlugin(arena, { tickHz: 20 })]);
 *   onJoin(client) { this.plugins.stream.follow(client, { near: 800 }); }
 *   onLeave(client) { this.plugins.stream.unfollow(client); }
 *   // in the fixed step, after everything has moved:
 *   this.plugins.stream.look(client, x, y);
 *   this.plugins.stream.send();
 *
 * Whoever drops and comes back within its reconnection keeps following; `onLeave` is for good. In a plain Colyseus server it works too,
 * but knows nothing of what its sockets hold back.
 */
import { type Client, ClientState, CloseCode, type Room, RoomPlugin } from "@colyseus/core";
import { defaultLimits, type Limits } from "@frontrow/shared/limits.ts";
import type { Events, Kinds, StreamDefinition } from "@frontrow/shared/stream/define.ts";
import { STREAM_HEAD, STREAM_MESSAGE } from "@frontrow/shared/stream/echo.ts";
import type { Place } from "../stream/history.ts";
import type { Interest } from "../stream/interest.ts";
import { createStream, type EntityId, type Stream } from "../stream/stream.ts";
import { Connection } from "../transport/connection.ts";
import { REWIND_MAX_MS, rewindMaxMs, tickSeen } from "./as-seen.ts";
import { createFanOut, type FanOut, type FanOutEvent } from "./fan-out.ts";
import type { Follower, FrameSocket } from "./follower.ts";

/** What the game server leaves on each room for the plugin. */
export interface StreamBinding {
  readonly limits: Limits;
  readonly nowMs: () => number;
  /** The process has more to do than fits. */
  readonly isPressed: () => boolean;
  readonly observe: (event: FanOutEvent) => void;
  /** A verified round trip, ms; 0 where none is known. */
  rttMs(sessionId: string): number;
}

const BINDING = Symbol.for("frontrow.stream");

export function bindStream(room: Room, binding: StreamBinding): void {
  Object.defineProperty(room, BINDING, { value: binding, enumerable: false });
}

const UNBOUND: StreamBinding = {
  limits: defaultLimits,
  nowMs: () => performance.now(),
  isPressed: () => false,
  observe: () => {},
  rttMs: () => 0,
};

export interface AsSeen {
  /** By which it is judged. */
  readonly tick: number;
  /** Undefined: it was not there. `out` is filled and returned where it is given. */
  place(id: EntityId, out?: Place): Place | undefined;
}

export class StreamPlugin<K extends Kinds, E extends Events> extends RoomPlugin {
  override readonly pluginName = "stream" as const;
  readonly #world: Stream<K, E>;
  readonly #tickMs: number;
  readonly #followers = new Map<string, Follower>();
  #fanOut: FanOut | undefined;
  #tick = 0;

  constructor(definition: StreamDefinition<K, E>, { tickHz }: { tickHz: number }) {
    super();
    this.#world = createStream(definition);
    this.#tickMs = 1_000 / tickHz;
  }

  /** Its entities and events. */
  get world(): Omit<Stream<K, E>, "viewer" | "encode"> {
    return this.#world;
  }

  /** The number of the last tick that was sent. */
  get tick(): number {
    return this.#tick;
  }

  /**
   * Sends a client what is near the point that it looks at, from the next tick on. What is returned is good until `unfollow`, whatever
   * connection the client has: a room of a thousand tells it directly where its client looks.
   */
  follow(client: Client, interest: Interest): Pick<Follower, "look"> {
    const { sessionId } = client;
    const known = this.#followers.get(sessionId);
    if (known) {
      known.widen(interest);
      return known;
    }
    const follower = this.#out.follow({
      socket: socketsOf(this.room, sessionId),
      rttMs: this.#binding.rttMs(sessionId),
      interest,
    });
    this.#followers.set(sessionId, follower);
    return follower;
  }

  unfollow({ sessionId }: Pick<Client, "sessionId">): void {
    this.#followers.get(sessionId)?.stop();
    this.#followers.delete(sessionId);
  }

  /** The middle of what a client sees. Nothing for one that does not follow. */
  look({ sessionId }: Pick<Client, "sessionId">, x: number, y: number): void {
    this.#followers.get(sessionId)?.look(x, y);
  }

  /**
   * The world as a client saw it when it fired: `seen` is the tick that it says it showed (`LiveStream.tick`), taken no further back than
   * its verified distance allows. From the first call on the last half second is remembered.
   */
  asSeenBy({ sessionId }: Pick<Client, "sessionId">, seen: number): AsSeen {
    const rttMs = this.#binding.rttMs(sessionId);
    return this.asOf(tickSeen(seen, { tick: this.#tick, tickMs: this.#tickMs, rttMs }));
  }

  /** The world as it was at a tick of the last half second. */
  asOf(tick: number): AsSeen {
    const history = this.#world.history(Math.ceil(REWIND_MAX_MS / this.#tickMs));
    return { tick, place: (id, out) => history.at(id, tick, out) };
  }

  /** How long ago what a client saw when it fired may have been, ms: a bound for Colyseus' `Rewind` over schema fields. */
  rewindMaxMs({ sessionId }: Pick<Client, "sessionId">): number {
    return rewindMaxMs(this.#binding.rttMs(sessionId), this.#tickMs);
  }

  /** Ends the tick: encodes it once and sends everybody what is theirs. */
  send(): void {
    this.#out.send(++this.#tick);
  }

  /** Made with the first follower or tick: only then does the room have its binding. */
  get #out(): FanOut {
    this.#fanOut ??= this.#begin();
    return this.#fanOut;
  }

  #begin(): FanOut {
    const { limits, nowMs, isPressed, observe } = this.#binding;
    this.room.onMessageBytes(STREAM_MESSAGE, (client: Client, bytes: Uint8Array) => {
      this.#followers.get(client.sessionId)?.heard(bytes);
    });
    return createFanOut({
      source: this.#world,
      limits,
      tickMs: this.#tickMs,
      head: STREAM_HEAD,
      nowMs,
      isPressed,
      observe,
    });
  }

  get #binding(): StreamBinding {
    return (this.room as Room & { [BINDING]?: StreamBinding })[BINDING] ?? UNBOUND;
  }
}

/**
 * The connection that a seat's client has now; Colyseus makes another client when its player comes back. Before it says that it has
 * joined there, what it is sent would reach a page that does not listen yet.
 */
function socketsOf(room: Room, sessionId: string): () => FrameSocket | undefined {
  return () => {
    const client = room.clients.getById(sessionId);
    if (client?.state !== ClientState.JOINED) return undefined;
    const ref: unknown = client.ref;
    return ref instanceof Connection ? ref : plainSocket(client);
  };
}

function plainSocket(client: Client): FrameSocket {
  return {
    get isOpen() {
      return (client.ref as unknown as { readyState?: number }).readyState === 1;
    },
    buffered: () => 0,
    sendNow(frame) {
      if (!this.isOpen) return "dropped";
      client.raw(Uint8Array.from(frame));
      return "sent";
    },
    endSlow: () => client.leave(CloseCode.MAY_TRY_RECONNECT),
  };
}
