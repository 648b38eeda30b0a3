/**
 * One client socket: hello, then tickets, with probes beside them. The session holds its tickets; when the socket goes, they
 * go. What the socket did wrong it is told by a catalogue error, and only what it cannot recover from ends the connection.
 */
import { compatOf } from "@frontrow/shared/config/modes.ts";
import {
  type ErrorCode,
  errorCatalogue,
  FrontrowError,
  type Refusal,
  refusal,
  refusalOf,
} from "@frontrow/shared/errors.ts";
import { decode, type Subprotocol } from "@frontrow/shared/protocol/codec.ts";
import { isPartyMessage } from "@frontrow/shared/protocol/party-link.ts";
import { Up } from "@frontrow/shared/protocol/up.ts";
import { PROTOCOL_VERSION, PROTOCOL_VERSION_MIN } from "@frontrow/shared/protocol/version.ts";
import { refusalWire } from "@frontrow/shared/protocol/words.ts";
import { TokenBucket } from "@frontrow/shared/token-bucket.ts";
import type { EdgeWorld } from "../edge.ts";
import { createSessionParty } from "../party/session-party.ts";
import { createProbe } from "../probe/probe.ts";
import { createTeller } from "./tell.ts";
import { createTickets, type Player, type TicketSession } from "./tickets.ts";

/** What a runtime's socket must do; all calls are safe when it is closed. */
export interface ClientSocket {
  send(message: Uint8Array | string): void;
  /** Runs `sends` so that what they send leaves in one system call; absent where the runtime cannot. */
  cork?: ((sends: () => void) => void) | undefined;
  /** Absent where the runtime has no WebSocket pings. */
  ping?: ((payload: Uint8Array) => void) | undefined;
  close(code: number, reason: string): void;
}

export interface Session {
  readonly sid: string;
  message(data: Uint8Array | string): void;
  pong(payload: Uint8Array): void;
  superseded(): void;
  closed(): void;
}

type State =
  | { is: "greeting"; deadline: ReturnType<typeof setTimeout> }
  | { is: "opening" }
  | { is: "ready"; player: Player }
  | { is: "closed" };

export interface SessionStart {
  readonly sid: string;
  readonly address: string;
  readonly subprotocol: Subprotocol;
  readonly socket: ClientSocket;
  readonly onClosed: () => void;
}

export function openSession(start: SessionStart, world: EdgeWorld): Session {
  const { sid, subprotocol, socket } = start;
  const { limits, clockMs } = world;
  const messages = new TokenBucket(limits.edgeMessagesPerSecond, limits.edgeMessagesPerSecond * 10, clockMs());
  const probe = createProbe({ limits, nonce: world.nonce });
  let state: State = { is: "greeting", deadline: setTimeout(() => fail("HELLO_EXPECTED"), limits.helloMs) };
  let probing: ReturnType<typeof setTimeout> | undefined;

  const { tell, tellSoon, stop: fallSilent } = createTeller(socket, subprotocol);
  const seen: TicketSession = {
    sid,
    address: start.address,
    isReady: () => state.is === "ready",
    rtt: () => probe.roundTrip(),
    tell,
    tellSoon,
    complain,
    fail: (code) => fail(code),
  };
  const tickets = createTickets(seen, world);
  const party = createSessionParty(seen, tickets, world);

  function complain(why: Refusal, id?: string): void {
    const requestId = world.requestId();
    tell({ t: "error", requestId, ...refusalWire(why), ...(id ? { id } : {}) });
    world.observe({ kind: "refused", code: why.code, requestId, sid });
  }

  /** Says why, then closes with the code of the catalogue. */
  function failWith(why: Refusal): void {
    if (state.is === "closed") return;
    complain(why);
    socket.close(errorCatalogue[why.code].close, why.code);
    end();
  }
  const fail = (code: ErrorCode, detail?: string) => failWith(refusal(code, detail));

  function end(): void {
    if (state.is === "closed") return;
    if (state.is === "greeting") clearTimeout(state.deadline);
    const wasOpen = state.is !== "greeting";
    state = { is: "closed" };
    clearTimeout(probing);
    fallSilent();
    tickets.end("CANCELLED");
    party.lose();
    if (wasOpen) tellMetrosGone();
    start.onClosed();
  }

  const tellMetrosGone = () => {
    for (const link of world.links.values()) link.closeSession(sid);
  };

  // ---- hello --------------------------------------------------------------------------------------------------------

  async function greet(hello: Extract<Up, { t: "hello" }>): Promise<void> {
    if (state.is !== "greeting") return fail("BAD_MESSAGE", "hello was said already.");
    clearTimeout(state.deadline);
    state = { is: "opening" };
    if (hello.v < PROTOCOL_VERSION_MIN || hello.v > PROTOCOL_VERSION) return fail("UNSUPPORTED_VERSION");
    try {
      const waitMs = await world.rates.request(start.address);
      if (waitMs > 0) throw new FrontrowError("RATE_LIMITED", undefined, { retryAfterMs: waitMs });
      const compat = compatOf(world.compat, hello.build, hello.platform);
      if (!compat) throw new FrontrowError("UNSUPPORTED_VERSION", "This build may not play.");
      const player = { ...(await world.identify(sid, hello.jwt)), compat };
      // Gone while its token was looked at: the metros were told of it only now.
      if ((state as State).is !== "opening") return tellMetrosGone();
      state = { is: "ready", player };
      const { playerId, guest } = player;
      tell({ t: "welcome", v: PROTOCOL_VERSION, playerId, guest, edge: world.edge, modes: Object.keys(world.modes) });
      probeOn();
    } catch (error) {
      if (!(error instanceof FrontrowError)) world.observe({ kind: "threw", error });
      failWith(refusalOf(error));
    }
  }

  // ---- probes -------------------------------------------------------------------------------------------------------

  function probeOn(): void {
    const nonce = probe.send(clockMs());
    if (socket.ping) socket.ping(new TextEncoder().encode(nonce));
    else tell({ t: "probe", nonce });
    probing = setTimeout(probeOn, probe.roundTrip().verified ? limits.probeSlowMs : limits.probeFastMs);
  }

  function echoed(nonce: string): void {
    const before = probe.roundTrip();
    if (!probe.answered(nonce, clockMs())) return;
    const edge = probe.roundTrip();
    if (!edge.verified || (before.verified && Math.abs(before.minMs - edge.minMs) < 1)) return;
    if (!before.verified) world.observe({ kind: "verified", minMs: edge.minMs });
    tell({ t: "distances", edge, metros: world.metroDistances() });
  }

  function hear(message: Up): void {
    if (message.t === "echo") return echoed(message.nonce);
    if (message.t === "hello") return void greet(message);
    if (state.is === "greeting") return fail("HELLO_EXPECTED");
    if (state.is !== "ready") return complain(refusal("HELLO_EXPECTED", "Wait for welcome."), message.id);
    if (isPartyMessage(message)) return party.hear(message, state.player);
    if (message.t === "cancel") return party.cancel(message.id) ? undefined : tickets.cancel(message.id);
    if (message.t === "again") return void tickets.again(message, state.player);
    if (message.t === "resume") return void tickets.resume(message.id, state.player);
    if (message.t === "ready") return tickets.ready(message.id, message.yes);
    void tickets.play(message, state.player);
  }

  return {
    sid,
    message(data) {
      if (state.is === "closed") return;
      if (!messages.take(clockMs())) return fail("RATE_LIMITED");
      const decoded = decode(Up, data, limits.edgeMessageBytes);
      if (!decoded.ok) return fail("BAD_MESSAGE", decoded.why);
      hear(decoded.value);
    },
    pong: (payload) => echoed(new TextDecoder().decode(payload)),
    superseded: () => fail("SUPERSEDED"),
    closed: end,
  };
}
