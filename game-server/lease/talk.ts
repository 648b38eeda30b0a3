/**
 * The conversation with the lobby index: registration, drain and heartbeats, each with a deadline of its own. Sequences only go
 * up, so that whatever arrives late changes nothing.
 */
import type { Heartbeat, HeartbeatReply, ServerLeases, ServerOffer } from "@frontrow/lobby/lobby.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import type { Observe } from "../observe.ts";
import type { Cuts } from "../rooms/cuts.ts";
import type { Refusals } from "../rooms/refusals.ts";
import type { Tombstones } from "../rooms/tombstones.ts";
import { within } from "../within.ts";
import type { IndexClock } from "./index-clock.ts";
import type { Portion, Publication } from "./publication.ts";

/** Share of a heartbeat after which an answer is given up, so that the next one leaves on time. */
const PATIENCE = 0.8;

export interface TalkOptions {
  readonly leases: ServerLeases;
  readonly offer: ServerOffer;
  readonly publication: Publication;
  readonly tombstones: Tombstones;
  readonly refusals: Refusals;
  readonly cuts: Cuts;
  /** Of a draining server: until it ends its rooms. */
  readonly leavesInMs: () => number | undefined;
  /** The index has been asked to send this server away. */
  readonly onSentAway: () => void;
  readonly clock: IndexClock;
  readonly limits: Limits;
  /** 0 idle to 1 at its ceiling. */
  readonly load: () => number;
  /** Empty rooms that may go, and those that the index let go. */
  readonly retirees: () => string[];
  readonly retired: (roomIds: readonly string[]) => void;
  readonly observe: Observe;
  readonly nowMs: () => number;
}

export interface Talk {
  /** Says everything that is new, in as many heartbeats as it takes; registers first where the index does not know us. Rejects without an answer. */
  sayAll(): Promise<HeartbeatReply["kind"]>;
  drain(): Promise<void>;
  /** From the next heartbeat on: nobody sits down here any more. */
  close(): void;
  isRegistered(): boolean;
  isDraining(): boolean;
  /** Of the last answer; our monotonic clock, ms. */
  answeredMs(): number;
}

export function createTalk(options: TalkOptions): Talk {
  const { leases, offer, publication, tombstones, refusals, cuts, clock, limits, observe, nowMs } = options;
  const { server, boot } = offer;
  let seq = 0;
  let isRegistered = false;
  let isDraining = false;
  let hasDrained = false;
  let isClosed = false;
  let answeredMs = Number.NEGATIVE_INFINITY;

  function inTime<T>(promise: Promise<T>): Promise<T> {
    const ms = PATIENCE * limits.heartbeatMs;
    return within(promise, ms, () => {
      throw new Error(`no answer within ${ms} ms`);
    });
  }

  async function register(): Promise<void> {
    const sentMs = nowMs();
    const { nowMs: indexNowMs } = await inTime(leases.register(offer));
    clock.learn(indexNowMs, sentMs);
    isRegistered = true;
    hasDrained = false;
    publication.restart();
  }

  async function tellDrain(): Promise<void> {
    await inTime(leases.drain(server, boot));
    hasDrained = true;
  }

  const messageOf = ({ rooms: { rooms, sat, left }, complete }: Portion): Heartbeat => ({
    server,
    boot,
    seq: ++seq,
    load: isDraining ? 1 : options.load(),
    rooms,
    complete,
    sat,
    left,
    refused: refusals.untold(limits.roomsPerHeartbeat),
    cut: cuts.untold(limits.roomsPerHeartbeat),
    leavesInMs: options.leavesInMs(),
    closed: isClosed,
    retire: options.retirees().slice(0, limits.roomsPerHeartbeat),
    gone: tombstones.untold(limits.roomsPerHeartbeat),
  });

  async function beat(portion: Portion): Promise<HeartbeatReply["kind"]> {
    const message = messageOf(portion);
    const sentMs = nowMs();
    const reply = await inTime(leases.heartbeat(message)).catch((error) => {
      portion.rooms.lost();
      throw error;
    });
    clock.learn(reply.nowMs, sentMs);
    observe({ kind: "heartbeat", reply: reply.kind });
    if (reply.kind !== "ALIVE") {
      portion.rooms.lost();
      return reply.kind;
    }
    answeredMs = nowMs();
    publication.answered(portion, reply.republishInMs);
    tombstones.told(message.gone);
    refusals.told(message.refused ?? []);
    cuts.told(message.cut ?? []);
    if (reply.draining && !isDraining) options.onSentAway();
    options.retired(reply.retired);
    return reply.kind;
  }

  return {
    async sayAll() {
      // A lost registration is made good once; an index that keeps losing it is asked again a heartbeat later.
      for (let mayRegisterAgain = isRegistered; ; ) {
        if (!isRegistered) await register();
        if (isDraining && !hasDrained) await tellDrain();
        const portion = publication.next();
        const answer = await beat(portion);
        if (answer === "ALIVE" && (portion.more || cuts.untold(1).length > 0)) continue;
        if (answer !== "UNKNOWN_SERVER") return answer;
        isRegistered = false;
        if (!mayRegisterAgain) return answer;
        mayRegisterAgain = false;
      }
    },
    async drain() {
      isDraining = true;
      if (isRegistered) await tellDrain();
    },
    close() {
      isClosed = true;
    },
    isRegistered: () => isRegistered,
    isDraining: () => isDraining,
    answeredMs: () => answeredMs,
  };
}
