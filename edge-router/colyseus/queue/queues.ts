/**
 * Queues of match modes for stock SDKs: `joinOrCreate("duel:queue")`. What the SDK takes for a room is a socket of this edge, which
 * speaks the messages of Colyseus' own QueueRoom (`queue-room.ts`). Between the SDK's request and its socket the player has a place
 * here: found by a token that nobody can guess, good for one socket and a few seconds, and counted as a session from the start.
 */
import { checkOptionsSize } from "@frontrow/shared/config/check-options.ts";
import { compatOf } from "@frontrow/shared/config/modes.ts";
import { FrontrowError, refusal } from "@frontrow/shared/errors.ts";
import { modeHint } from "@frontrow/shared/nearest.ts";
import type { EdgeWorld } from "../../edge.ts";
import type { MatchmakeRequest } from "../matchmake.ts";
import type { Reservation } from "../reservation.ts";
import { openQueueRoom, type Place, type QueueSession, type QueueSocket, refuseSocket } from "./queue-room.ts";

const SUFFIX = ":queue";
/**
 * What the SDK puts before the place's token in the path that it dials. Whoever routes its HTTP to this edge then routes its socket
 * here, too.
 */
export const QUEUE_SEGMENT = "matchmake";

/** The queue of a mode, as stock SDKs name it. */
export const queueOf = (mode: string) => mode + SUFFIX;
export const isQueue = (name: string) => name.endsWith(SUFFIX);

/** A socket that was dialled to take a place. */
export interface QueueDial {
  readonly token: string;
  /** The player's own token, which SDKs append to what they dial. */
  readonly jwt: string | undefined;
  /** The SDK lost a socket and tries to get back to where it was. */
  readonly isReturn: boolean;
  readonly socket: QueueSocket;
}

export interface Queues {
  /** A place in the queue that the request names. Rejects with FrontrowError. */
  reserve(request: MatchmakeRequest, options: Place["options"]): Promise<Reservation>;
  /** A dial without a place is told why not and closed; undefined then. */
  enter(dial: QueueDial): QueueSession | undefined;
  /** Gives up the places that nobody took. */
  stop(): void;
}

/** The edge's sessions, of which those in a queue are some. */
export interface Crowd {
  readonly sessions: Map<string, { superseded(): void }>;
  newSid(): string;
  isFull(): boolean;
}

export function createQueues(world: EdgeWorld, crowd: Crowd): Queues {
  const { limits } = world;
  const places = new Map<string, { place: Place; timer: ReturnType<typeof setTimeout> }>();

  function forget(sid: string): void {
    crowd.sessions.delete(sid);
    for (const link of world.links.values()) link.closeSession(sid);
  }

  /** The place of this token, which is worth nothing from now on. */
  function take(token: string): Place | undefined {
    const found = places.get(token);
    if (!found) return undefined;
    places.delete(token);
    clearTimeout(found.timer);
    return found.place;
  }

  function giveUp(token: string): void {
    const place = take(token);
    if (place) forget(place.sid);
  }

  async function identify(
    sid: string,
    mode: string,
    request: MatchmakeRequest,
    options: Place["options"],
  ): Promise<Place> {
    const { jwt, host } = request;
    const { playerId, guest } = await world.identify(sid, jwt);
    const waitMs = await world.rates.play(playerId);
    if (waitMs > 0) throw new FrontrowError("RATE_LIMITED", undefined, { retryAfterMs: waitMs });
    const compat = compatOf(world.compat);
    if (!compat) throw new FrontrowError("UNSUPPORTED_VERSION", "This build may not play.");
    if (!crowd.sessions.has(sid)) throw new FrontrowError("SUPERSEDED");
    return { sid, sessionId: world.requestId(), mode, player: { playerId, guest, compat }, jwt, host, options };
  }

  return {
    async reserve(request, options) {
      const mode = modeOf(request, world);
      checkOptionsSize(options, limits.joinOptionsBytes);
      if (crowd.isFull()) throw new FrontrowError("EDGE_FULL");
      const sid = crowd.newSid();
      crowd.sessions.set(sid, { superseded: () => forget(sid) });
      try {
        const place = await identify(sid, mode, request, options);
        const token = world.nonce();
        places.set(token, { place, timer: setTimeout(() => giveUp(token), limits.queueDialMs) });
        crowd.sessions.set(sid, { superseded: () => giveUp(token) });
        return { name: request.name, roomId: token, sessionId: place.sessionId, processId: QUEUE_SEGMENT };
      } catch (error) {
        forget(sid);
        throw error;
      }
    },

    enter({ token, jwt, isReturn, socket }) {
      // A ticket ended with its socket: there is nothing to come back to.
      const place = isReturn ? undefined : take(token);
      if (!place) {
        refuseSocket(socket, refusal(isReturn ? "RECONNECTION_EXPIRED" : "QUEUE_EXPIRED"), isReturn);
        return undefined;
      }
      const room = openQueueRoom({ place, jwt, socket, left: () => forget(place.sid) }, world);
      crowd.sessions.set(place.sid, room);
      return room;
    },

    stop() {
      for (const token of [...places.keys()]) giveUp(token);
    },
  };
}

/** The mode whose queue was asked for. */
function modeOf({ method, name }: MatchmakeRequest, { modes }: EdgeWorld): string {
  const mode = name.slice(0, -SUFFIX.length);
  const known = Object.hasOwn(modes, mode) ? modes[mode] : undefined;
  if (known?.kind === "fill") {
    throw new FrontrowError("UNKNOWN_MODE", `Nobody waits for "${mode}": ask for it with joinOrCreate("${mode}").`);
  }
  if (!known) {
    const queues = Object.keys(modes).filter((one) => modes[one]!.kind === "match");
    throw new FrontrowError("UNKNOWN_MODE", modeHint(name, queues.map(queueOf)));
  }
  if (method === "create") throw new FrontrowError("MODE_QUEUED", `Ask for it with joinOrCreate("${name}").`);
  return mode;
}
