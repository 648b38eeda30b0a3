/**
 * The edge's end of a link to one metro: one WebSocket for all sessions, requests paired with answers by `rid`, a probe a
 * second for the distance, redialled with jitter when it breaks. While it is down every request is refused at once.
 */
import { FrontrowError } from "@frontrow/shared/errors.ts";
import { distrustLinkHello, type LinkTrust, makeLinkHello } from "@frontrow/shared/identity/link-hello.ts";
import type { SigningKey } from "@frontrow/shared/identity/signed.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import { createOutbox, type Outbox } from "@frontrow/shared/link/outbox.ts";
import { decode, encodeMsgpack } from "@frontrow/shared/protocol/codec.ts";
import { LinkDown, type LinkHello, type LinkUp } from "@frontrow/shared/protocol/link.ts";
import type { ReplicaSet } from "@frontrow/shared/protocol/match-link.ts";
import * as z from "zod";
import type { MatchEar, MetroLink } from "../ports.ts";
import { createProbe } from "../probe/probe.ts";
import { type AnnouncedSession, createAnnouncer } from "./announce.ts";
import { errorOf } from "./refused.ts";

const Frame = z.array(LinkDown).max(512);
const PROBE_MS = 1_000;
const REDIAL_MS = { first: 100, max: 2_000 };
/** A link on which nothing was heard for so long, not even an echo, has a dead or frozen other end: four probes are lost. */
const SILENCE_MS = 4_000;

/** A dialled socket; one implementation a runtime (`dial-ws.ts`). */
export interface LinkSocket {
  send(frame: Uint8Array): void;
  close(): void;
}
export interface LinkSocketEvents {
  message(frame: Uint8Array): void;
  /** Exactly once, also when dialling failed. */
  closed(why: string): void;
}
export type Dial = (url: string, events: LinkSocketEvents) => LinkSocket;

export interface WsLinkOptions {
  readonly metro: string;
  readonly url: string;
  /** This edge's name. */
  readonly edge: string;
  readonly key: SigningKey | undefined;
  readonly trust: LinkTrust;
  readonly limits: Limits;
  readonly dial: Dial;
  readonly nowMs: () => number;
  /** Finer clock for round trips, ms. */
  readonly clockMs: () => number;
  readonly nonce: () => string;
  readonly jitter: () => number;
  readonly schedule: (flush: () => void) => void;
  readonly log: (event: "link-up" | "link-down", detail: Record<string, unknown>) => void;
}

type Answer = Extract<LinkDown, { rid: number }>;
type Ask = Extract<LinkUp, { rid: number }>;
type WithoutRid<T> = T extends unknown ? Omit<T, "rid"> : never;
interface Pending {
  /** What the answer must be, unless it is a refusal. */
  readonly t: Answer["t"];
  resolve(answer: Answer): void;
  reject(error: FrontrowError): void;
  dueMs: number;
  /** Called with an answer that came after its deadline. */
  late?: ((answer: Answer) => void) | undefined;
}

export function createWsLink(options: WsLinkOptions): MetroLink & { close(): void } {
  const { metro, url, edge, key, trust, limits, dial, nowMs, clockMs, schedule, log } = options;
  const probe = createProbe({ limits, nonce: options.nonce });
  const pending = new Map<number, Pending>();
  const tooLate = new Map<number, (answer: Answer) => void>();
  let superseded: (sid: string) => void = () => {};
  let ear: MatchEar | undefined;
  /** The replica at the other end, and the set that it is in. */
  let replica: string | undefined;
  let set: ReplicaSet | undefined;
  let socket: LinkSocket | undefined;
  let outbox: Outbox<LinkUp> | undefined;
  let challenge = "";
  let nextRid = 0;
  let redialMs = REDIAL_MS.first;
  let stopped = false;
  let redial: ReturnType<typeof setTimeout> | undefined;
  let heardMs = 0;
  /** Why this end closed the socket. */
  let cause: string | undefined;

  const announcer = createAnnouncer(
    ({ openedMs, ...who }: AnnouncedSession) =>
      ask("session-opened", { t: "open-session", ...who, ageMs: clockMs() - openedMs }),
    options.jitter,
  );

  function cut(socket: LinkSocket, why: string): void {
    cause = why;
    socket.close();
  }

  function connect(): void {
    challenge = "";
    const dialled = dial(url, { message: (frame) => hear(dialled, frame), closed: (why) => down(dialled, why) });
    socket = dialled;
  }

  function down(of: LinkSocket, why: string): void {
    if (of !== socket) return;
    // Once for each time that it goes down or cannot be had, not for each attempt.
    if (!stopped && redialMs === REDIAL_MS.first) log("link-down", { metro, why: cause ?? why });
    cause = undefined;
    socket = undefined;
    outbox = undefined;
    for (const waiting of pending.values()) waiting.reject(new FrontrowError("MATCHMAKER_AWAY"));
    pending.clear();
    tooLate.clear();
    probe.forgetInFlight();
    const wasKnown = replica !== undefined;
    replica = undefined;
    if (stopped) return;
    if (wasKnown) ear?.changed();
    redial = setTimeout(connect, redialMs * (0.5 + options.jitter()));
    redialMs = Math.min(redialMs * 2, REDIAL_MS.max);
  }

  function greet(from: LinkSocket, hello: LinkHello): void {
    if (challenge === "") {
      // The metro's first hello only carries its challenge; ours answers it and challenges back.
      const own = makeLinkHello(edge, hello.nonce, nowMs(), key);
      challenge = own.nonce;
      from.send(encodeMsgpack([own]));
      return;
    }
    const why = distrustLinkHello(hello, challenge, nowMs(), trust);
    if (why || hello.name !== metro) return cut(from, why ?? `this is ${hello.name}`);
    outbox = createOutbox<LinkUp>((frame) => from.send(frame), schedule);
    redialMs = REDIAL_MS.first;
    log("link-up", { metro });
    announcer.again();
  }

  function hear(from: LinkSocket, bytes: Uint8Array): void {
    if (from !== socket) return;
    const frame = decode(Frame, bytes, limits.linkFrameBytes);
    if (!frame.ok) return cut(from, frame.why);
    heardMs = clockMs();
    for (const message of frame.value) {
      if (message.t === "hello") greet(from, message);
      else if (message.t === "echo") probe.answered(message.nonce, clockMs());
      else if (message.t === "superseded") superseded(message.sid);
      else if (message.t === "replicas") {
        replica = message.replica;
        set = { epoch: message.epoch, members: message.members };
        ear?.changed();
      } else if ("rid" in message) settle(message);
      else if (replica !== undefined && message.t !== "status") ear?.hear(replica, message);
    }
  }

  function settle(message: Answer): void {
    const waiting = pending.get(message.rid);
    if (waiting) {
      pending.delete(message.rid);
      if (message.t === waiting.t) waiting.resolve(message);
      else waiting.reject(message.t === "refused" ? errorOf(message) : new FrontrowError("INTERNAL"));
      return;
    }
    tooLate.get(message.rid)?.(message);
    tooLate.delete(message.rid);
  }

  /** The answer of type `t`. One promise a request: an edge waits for thousands. */
  function ask<T extends Answer["t"]>(
    t: T,
    message: WithoutRid<Ask>,
    late?: Pending["late"],
  ): Promise<Extract<Answer, { t: T }>> {
    if (!outbox) return Promise.reject(new FrontrowError("MATCHMAKER_AWAY"));
    if (pending.size >= limits.linkPendingMax) return Promise.reject(new FrontrowError("INDEX_BUSY"));
    const rid = nextRid++;
    outbox.push({ ...message, rid } as Ask);
    return new Promise((resolve, reject) => {
      const dueMs = clockMs() + limits.linkRequestMs;
      pending.set(rid, { t, resolve: resolve as Pending["resolve"], reject, dueMs, late });
    });
  }

  /** Requests leave the map in order of their deadline, because all have the same one. */
  const sweeper = setInterval(() => {
    const now = clockMs();
    for (const [rid, waiting] of pending) {
      if (waiting.dueMs > now) break;
      pending.delete(rid);
      if (waiting.late && tooLate.size < limits.linkPendingMax) tooLate.set(rid, waiting.late);
      waiting.reject(new FrontrowError("DEADLINE"));
    }
  }, 50);
  function probeOn(): void {
    if (outbox) outbox.push({ t: "probe", nonce: probe.send(clockMs()) });
    if (outbox && socket && clockMs() - heardMs > SILENCE_MS) cut(socket, "nothing was heard, not even an echo");
    prober = setTimeout(probeOn, probe.roundTrip().verified ? PROBE_MS : limits.probeFastMs);
  }
  let prober = setTimeout(probeOn, 0);
  connect();

  return {
    metro,
    isUp: () => outbox !== undefined,
    roundTrip: () => probe.roundTrip(),
    openSession(who) {
      return announcer.add({ ...who, openedMs: clockMs() });
    },
    closeSession(sid) {
      announcer.remove(sid);
      outbox?.push({ t: "close-session", sid });
    },
    place(request) {
      announcer.hurry(request.sid);
      const giveBack = (answer: Answer) => {
        if (answer.t === "placed") void this.giveBack(request.sid, request.ticket).catch(() => {});
      };
      const message = { t: "place" as const, ...request, options: request.options as never };
      return ask("placed", message, giveBack).then(({ seat }) => seat);
    },
    findSeat(asked) {
      announcer.hurry(asked.sid);
      return ask("found-seat", { t: "find-seat", ...asked });
    },
    giveBack: (sid, ticket, of) =>
      ask("given-back", { t: "give-back", sid, ticket, ...(of ? { of } : {}) }).then(() => {}),
    listRooms: ({ watchable, ...query }) =>
      ask("rooms", { t: "list-rooms", ...query, ...(watchable ? { watchable } : {}) }).then(({ page }) => page),
    locate: (roomId) => ask("located", { t: "locate", roomId }),
    onSuperseded(told) {
      superseded = (sid) => {
        announcer.remove(sid);
        told(sid);
      };
    },
    say(to, message) {
      if (!outbox || replica === undefined || (to !== undefined && to !== replica)) return false;
      if ("sid" in message) announcer.hurry(message.sid);
      outbox.push(message);
      return true;
    },
    // One that is gone for good would speak for its metro for ever: after an index that lost everything its epoch may be the highest.
    replicas: () => (replica === undefined ? undefined : set),
    onMatch(told) {
      ear = told;
    },
    close() {
      stopped = true;
      clearInterval(sweeper);
      clearTimeout(prober);
      clearTimeout(redial);
      socket?.close();
    },
  };
}
