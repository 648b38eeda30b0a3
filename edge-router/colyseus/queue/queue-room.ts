/**
 * One stock SDK in a queue: for it a room without state, for us a ticket beside its socket. It speaks as Colyseus' QueueRoom does:
 * `clients` tells how many wait, `seat` is the reservation to consume, the client's `confirm` ends the room with 1000. The ticket is
 * opened when the client has answered the handshake, and goes when the socket goes.
 *
 *   checking ──the player's──▶ entering ──handshake──▶ waiting ──match──▶ seated ──confirm──▶ closed
 */
import {
  type ErrorCode,
  errorCatalogue,
  FrontrowError,
  type Refusal,
  refusal,
  refusalOf,
} from "@frontrow/shared/errors.ts";
import type { Down } from "@frontrow/shared/protocol/down.ts";
import type { TicketRequest } from "@frontrow/shared/protocol/up.ts";
import type { HeldOutcome, HeldTicket } from "@frontrow/shared/ticket/holders.ts";
import { TokenBucket } from "@frontrow/shared/token-bucket.ts";
import type { EdgeWorld } from "../../edge.ts";
import { createProbe } from "../../probe/probe.ts";
import { openMatchTicket } from "../../session/match-ticket.ts";
import type { Player } from "../../session/tickets.ts";
import { reservationOf, stockSentence } from "../reservation.ts";
import { errorFrame, joinedFrame, messageFrame, pingFrame, readFrame } from "./frames.ts";

/** Colyseus' close codes: the room ended as planned, the client wished to leave, do not try to reconnect. */
const NORMAL = 1_000;
const CONSENTED = 4_000;
const FAILED_TO_RECONNECT = 4_003;

type Play = Extract<TicketRequest, { t: "play" }>;

/** What a player asked for over HTTP, until a socket takes it. */
export interface Place {
  readonly sid: string;
  readonly sessionId: string;
  readonly mode: string;
  readonly player: Player;
  readonly jwt: string | undefined;
  /** Host header that the player came by. */
  readonly host: string;
  readonly options: NonNullable<Play["options"]>;
}

/** All calls are safe when it is closed. */
export interface QueueSocket {
  send(frame: Uint8Array): void;
  /** Absent where the runtime has no WebSocket pings; the player's round trip then stays unknown. */
  ping?: ((payload: Uint8Array) => void) | undefined;
  close(code: number, reason: string): void;
}

export interface QueueSession {
  message(frame: Uint8Array, isText: boolean): void;
  pong(payload: Uint8Array): void;
  superseded(): void;
  closed(): void;
}

type State =
  | { is: "checking" | "entering" | "closed" }
  | { is: "waiting"; ticket: HeldTicket }
  /** The seat was told; whether it is sat in is between the player and the game server. */
  | { is: "seated" };

/** Says why in the frame that every SDK shows to its game, then closes. */
export function refuseSocket(socket: QueueSocket, why: Refusal, isReturn = false): void {
  const { close } = errorCatalogue[why.code];
  const sentence = stockSentence(why);
  socket.send(errorFrame(close, sentence));
  socket.close(isReturn ? FAILED_TO_RECONNECT : close, sentence);
}

export function openQueueRoom(
  { place, jwt, socket, left }: { place: Place; jwt: string | undefined; socket: QueueSocket; left: () => void },
  world: EdgeWorld,
): QueueSession {
  const { sid, mode, player, options } = place;
  const { limits, clockMs } = world;
  const messages = new TokenBucket(limits.edgeMessagesPerSecond, limits.edgeMessagesPerSecond * 10, clockMs());
  const probe = createProbe({ limits, nonce: world.nonce });
  let state: State = { is: "checking" };
  /** A client that does not answer the handshake, then one that does not confirm its seat. */
  let deadline = setTimeout(() => fail("TOO_SLOW"), limits.helloMs);
  let probing: ReturnType<typeof setTimeout> | undefined;
  let clients = 0;

  function end(): void {
    if (state.is === "closed") return;
    if (state.is === "waiting") state.ticket.cancel();
    state = { is: "closed" };
    clearTimeout(deadline);
    clearTimeout(probing);
    left();
  }

  function close(code: number, reason: string): void {
    end();
    socket.close(code, reason);
  }

  function failWith(why: Refusal): void {
    if (state.is === "closed") return;
    world.observe({ kind: "refused", code: why.code, requestId: world.requestId(), sid });
    end();
    refuseSocket(socket, why);
  }
  const fail = (code: ErrorCode) => failWith(refusal(code));

  // ---- coming in ----------------------------------------------------------------------------------------------------

  /** The place is a bearer capability; where the SDK presents a player's token beside it, the two must name the same player. */
  async function checkPlayer(): Promise<void> {
    if (jwt === undefined || jwt === place.jwt || !world.verifyPlayer) return;
    const { playerId } = await world.verifyPlayer(jwt);
    if (playerId !== player.playerId) throw new FrontrowError("SEAT_FOREIGN");
  }

  async function enter(): Promise<void> {
    try {
      await checkPlayer();
    } catch (error) {
      if (!(error instanceof FrontrowError)) world.observe({ kind: "threw", error });
      return failWith(refusalOf(error));
    }
    if (state.is !== "checking") return;
    state = { is: "entering" };
    // Pinged first, so that the distance is known when the handshake is answered and the ticket opens.
    probeOn();
    socket.send(joinedFrame(place.sessionId));
  }

  /** Beside the distance, pings keep the socket of a client alive that has nothing to say. */
  function probeOn(): void {
    socket.ping?.(new TextEncoder().encode(probe.send(clockMs())));
    probing = setTimeout(probeOn, probe.roundTrip().verified ? limits.probeSlowMs : limits.probeFastMs);
  }

  // ---- waiting ------------------------------------------------------------------------------------------------------

  function wait(): void {
    clearTimeout(deadline);
    tellClients(1);
    const session = { sid, isReady: () => state.is === "waiting", rtt: () => probe.roundTrip(), tellSoon: hearState };
    const request: Play = { t: "play", id: world.requestId(), mode, options };
    state = { is: "waiting", ticket: openMatchTicket({ session, request, player }, world, ended) };
  }

  function tellClients(count: number): void {
    if (count === clients) return;
    clients = count;
    socket.send(messageFrame("clients", count));
  }

  function hearState(news: Down): void {
    if (news.t !== "state" || state.is !== "waiting") return;
    // QueueRoom asks nobody: who waits here with a stock SDK has agreed, and can leave.
    if (news.state === "asked") state.ticket.ready(true);
    else if (news.players !== undefined) tellClients(Math.max(1, news.players));
  }

  function ended(outcome: HeldOutcome): void {
    if (state.is === "closed") return;
    if (!outcome.ok) return failWith(outcome.refusal);
    state = { is: "seated" };
    socket.send(messageFrame("seat", reservationOf(outcome.seat, place.host)));
    deadline = setTimeout(() => close(NORMAL, "The seat was not confirmed."), limits.seatTokenMs);
  }

  void enter();
  return {
    message(frame, isText) {
      if (state.is === "closed") return;
      if (!messages.take(clockMs())) return fail("RATE_LIMITED");
      const said = isText ? undefined : readFrame(frame);
      if (!said) return fail("BAD_MESSAGE");
      if (said === "leave") close(CONSENTED, "");
      else if (said === "ping") socket.send(pingFrame());
      else if (said === "joined" && state.is === "entering") wait();
      else if (said === "confirm" && state.is === "seated") close(NORMAL, "");
    },
    pong: (payload) => void probe.answered(new TextDecoder().decode(payload), clockMs()),
    superseded: () => fail("SUPERSEDED"),
    closed: end,
  };
}
