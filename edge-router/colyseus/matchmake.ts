/**
 * The stock Colyseus SDK's HTTP doors, so that its clients of every engine join unchanged: `POST /matchmake/{method}/{name}`
 * answers with a seat reservation whose `processId` is our seat token, which the SDK then dials as
 * `ws[s]://{publicAddress}/{token}/{roomId}`. Each request is a session of its own with one ticket; one for the queue of a match mode
 * gets a place in it (`queue/`), because its ticket waits beside a socket.
 */
import { compatOf } from "@frontrow/shared/config/modes.ts";
import { FrontrowError } from "@frontrow/shared/errors.ts";
import { parseRoomId } from "@frontrow/shared/metro.ts";
import { modeHint } from "@frontrow/shared/nearest.ts";
import type { Target } from "@frontrow/shared/protocol/words.ts";
import { JoinOptions, RoomId } from "@frontrow/shared/protocol/words.ts";
import { dialAddress } from "@frontrow/shared/public-address.ts";
import type { Edge } from "../edge.ts";
import { NO_ROUND_TRIP } from "../probe/window.ts";
import { openTicket } from "../session/ticket.ts";
import { isQueue, queueOf } from "./queue/queues.ts";
import { type Reservation, reservationOf } from "./reservation.ts";

export interface MatchmakeRequest {
  readonly method: string;
  /** Mode, or the room's id for joinById and reconnect. */
  readonly name: string;
  /** Parsed body: the SDK's join options. */
  readonly body: unknown;
  /** From `Authorization: Bearer`. */
  readonly jwt: string | undefined;
  /** Host header, for addresses that derive from it. */
  readonly host: string;
}

/** `reconnect` needs no seat: this stands in the seat token's place, and the room judges the reconnection token. */
const RECONNECT_SEGMENT = "r";

/** Rejects with FrontrowError. */
export async function matchmake(edge: Edge, request: MatchmakeRequest): Promise<Reservation> {
  const options = JoinOptions.safeParse(request.body ?? {});
  if (!options.success) throw new FrontrowError("BAD_MESSAGE", "The body must be a JSON object.");
  if (request.method === "reconnect") return reconnect(edge, request, options.data.reconnectionToken);
  const target = targetOf(edge, request);
  if (target === "queue") return edge.queues.reserve(request, options.data);
  const { world } = edge;
  const sid = edge.newSid();
  const { playerId } = await world.identify(sid, request.jwt);
  try {
    const waitMs = await world.rates.play(playerId);
    if (waitMs > 0) throw new FrontrowError("RATE_LIMITED", undefined, { retryAfterMs: waitMs });
    const compat = compatOf(world.compat);
    if (!compat) throw new FrontrowError("UNSUPPORTED_VERSION", "This build may not play.");
    const wish = {
      sid,
      id: world.requestId(),
      target,
      compat,
      options: options.data,
      previous: undefined,
      rtt: () => NO_ROUND_TRIP,
    };
    const outcome = await openTicket(wish, world, () => {}).outcome;
    if (!outcome.ok) throw Object.assign(new FrontrowError(outcome.refusal.code), { refusal: outcome.refusal });
    return reservationOf(outcome.seat, request.host);
  } finally {
    for (const link of world.links.values()) link.closeSession(sid);
  }
}

function targetOf(edge: Edge, { method, name }: MatchmakeRequest): Target | "queue" {
  if (method === "joinById") {
    if (!RoomId.safeParse(name).success) throw new FrontrowError("ROOM_NOT_FOUND");
    return { kind: "room", roomId: name };
  }
  if (method !== "joinOrCreate" && method !== "join" && method !== "create") {
    throw new FrontrowError("NOT_FOUND", "Methods are joinOrCreate, create, join, joinById and reconnect.");
  }
  if (isQueue(name)) return "queue";
  if (!Object.hasOwn(edge.world.modes, name)) {
    throw new FrontrowError("UNKNOWN_MODE", modeHint(name, Object.keys(edge.world.modes)));
  }
  if (edge.world.modes[name]!.kind === "match") {
    throw new FrontrowError("MODE_QUEUED", `Ask for it with joinOrCreate("${queueOf(name)}").`);
  }
  if (method === "create") return { kind: "new", mode: name, private: false };
  return { kind: method === "join" ? "open" : "best", mode: name };
}

/** The token's first half is the session id (our Client makes it `<sessionId>.<random>`); the room judges the rest. */
async function reconnect(edge: Edge, { name: roomId, host }: MatchmakeRequest, token: unknown): Promise<Reservation> {
  const [sessionId, secret] = typeof token === "string" ? token.split(".") : [];
  if (!sessionId || !secret) throw new FrontrowError("RECONNECTION_EXPIRED");
  const link = edge.world.links.get(parseRoomId(roomId)?.metro ?? "");
  if (!link) throw new FrontrowError("ROOM_NOT_FOUND");
  const { mode, publicAddress } = await link.locate(roomId);
  return {
    name: mode,
    roomId,
    sessionId,
    processId: RECONNECT_SEGMENT,
    publicAddress: dialAddress(publicAddress, host),
    reconnectionToken: token as string,
  };
}
