/**
 * This server's lease in the lobby index: registered once a boot, kept by heartbeats that carry what has changed. An index that
 * lost its memory says so and gets everything again; one that does not answer is asked again a heartbeat later, and the rooms
 * do not notice. Heartbeats never overlap, so each one's sequence is the newest when it is sent.
 */
import type { Heartbeat, HeartbeatReply, ServerLeases, ServerOffer } from "@frontrow/lobby/lobby.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import type { Log, Observe } from "../observe.ts";
import type { RoomRecord } from "../rooms/room-record.ts";
import type { RoomTable } from "../rooms/room-table.ts";
import { within } from "../within.ts";
import { type Draft, draftRooms } from "./draft.ts";
import type { IndexClock } from "./index-clock.ts";

export interface Lease {
  /** Registers, or keeps trying to; resolves after the first attempt. */
  start(): Promise<void>;
  /** No new reservations; said to the index now, and again until it heard. Rejects if it did not hear now. */
  drain(): Promise<void>;
  stop(): void;
  /** Something changed that players would run into, such as a room's end: the next heartbeat comes at once. */
  hurry(): void;
  /** The index answered within the last lease. */
  isHeld(): boolean;
  readonly isDraining: boolean;
  /** A newer boot of this server id has the lease: this process is not offered any more. */
  readonly isSuperseded: boolean;
}

export interface LeaseOptions {
  readonly leases: ServerLeases;
  readonly offer: ServerOffer;
  readonly table: RoomTable;
  readonly clock: IndexClock;
  readonly limits: Limits;
  readonly metadataOf: (record: RoomRecord) => string;
  /** 0 idle to 1 at its ceiling. */
  readonly load: () => number;
  /** Empty rooms that may go, and what the index said to it. */
  readonly retirees: () => string[];
  readonly retired: (roomIds: readonly string[]) => void;
  /** After each attempt: `answered` or not. */
  readonly beaten: (answered: boolean) => void;
  readonly log: Log;
  readonly observe: Observe;
  readonly nowMs: () => number;
}

/** Share of a heartbeat after which an answer is given up, so that the next one leaves on time. */
const PATIENCE = 0.8;
/** Changes that come together leave together; ms. */
const HURRY_MS = 10;

type Answer = HeartbeatReply["kind"] | "MORE";

export function createLease(options: LeaseOptions): Lease {
  const { leases, offer, table, clock, limits, log, observe, nowMs } = options;
  const { server, boot } = offer;
  /** Everything is published this often: an index forgets what it does not hear of for roomForgottenMs. */
  const publishEveryMs = limits.roomForgottenMs / 3;
  const patienceMs = PATIENCE * limits.heartbeatMs;
  let seq = 0;
  let isRegistered = false;
  let isDraining = false;
  let hasDrained = false;
  let isSuperseded = false;
  let isAway = false;
  let answeredMs = Number.NEGATIVE_INFINITY;
  /** Rooms that a complete publication has still to say; undefined: none is under way. */
  let publishing: RoomRecord[] | undefined;
  let publishAtMs = 0;
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let hurried: NodeJS.Timeout | undefined;
  let stopped = false;

  async function register(): Promise<void> {
    const sentMs = nowMs();
    const { nowMs: indexNowMs } = await inTime(leases.register(offer), patienceMs);
    clock.learn(indexNowMs, sentMs);
    isRegistered = true;
    hasDrained = false;
    publishAtMs = 0;
    publishing = undefined;
    log.info({ server, boot }, "registered in the lobby index");
  }

  async function tellDrain(): Promise<void> {
    await inTime(leases.drain(server, boot), patienceMs);
    hasDrained = true;
  }

  /** What goes with the next heartbeat, and whether more has to follow at once. */
  function draft(): { rooms: Draft; complete: boolean; more: boolean } {
    if (publishing === undefined && nowMs() >= publishAtMs) publishing = [...table.records()];
    if (publishing === undefined) {
      const changed = [...table.records()].filter((record) => record.isChanged && record.room && !record.isOver);
      const now = changed.slice(0, limits.roomsPerHeartbeat);
      return { rooms: draftRooms(now, false, options.metadataOf), complete: false, more: changed.length > now.length };
    }
    const now = publishing.slice(0, limits.roomsPerHeartbeat);
    const complete = publishing.length <= now.length;
    return { rooms: draftRooms(now, true, options.metadataOf), complete, more: !complete };
  }

  async function beat(): Promise<Answer> {
    const { rooms, complete, more } = draft();
    const gone = table.tombstones.untold(limits.roomsPerHeartbeat);
    const message: Heartbeat = {
      server,
      boot,
      seq: ++seq,
      load: isDraining ? 1 : Math.min(1, options.load()),
      rooms: rooms.rooms,
      complete,
      sat: rooms.sat,
      left: rooms.left,
      retire: options.retirees().slice(0, limits.roomsPerHeartbeat),
      gone,
    };
    const sentMs = nowMs();
    let reply: HeartbeatReply;
    try {
      reply = await inTime(leases.heartbeat(message), patienceMs);
    } catch (error) {
      rooms.lost();
      throw error;
    }
    clock.learn(reply.nowMs, sentMs);
    observe({ kind: "heartbeat", reply: reply.kind });
    if (reply.kind !== "ALIVE") {
      rooms.lost();
      return reply.kind;
    }
    answeredMs = nowMs();
    rooms.answered();
    table.tombstones.told(gone);
    options.retired(reply.retired);
    published(message.rooms.length, complete, reply.republishInMs);
    return more ? "MORE" : "ALIVE";
  }

  function published(rooms: number, complete: boolean, republishInMs: number): void {
    if (publishing) {
      publishing = complete ? undefined : publishing.slice(limits.roomsPerHeartbeat);
      if (complete) publishAtMs = nowMs() + publishEveryMs;
      if (complete) log.debug({ rooms }, "published every room");
    }
    if (publishing === undefined && republishInMs >= 0) publishAtMs = Math.min(publishAtMs, nowMs() + republishInMs);
  }

  /** Heartbeats until everything is said; a lost registration is made good once, and then at the next heartbeat. */
  async function cycle(): Promise<void> {
    let mayRegisterAgain = isRegistered;
    let answer: Answer = "MORE";
    while (answer === "MORE" && !stopped) {
      if (!isRegistered) await register();
      if (isDraining && !hasDrained) await tellDrain();
      answer = await beat();
      if (answer !== "UNKNOWN_SERVER") continue;
      isRegistered = false;
      if (mayRegisterAgain) answer = "MORE";
      mayRegisterAgain = false;
    }
    if (answer === "STALE") {
      isSuperseded = true;
      log.error({ server, boot }, "a newer process has this server id: this one is not offered any more");
    }
  }

  async function attempt(): Promise<void> {
    let answered = false;
    try {
      await cycle();
      answered = true;
      if (isAway) log.info({}, "the lobby index answers again");
    } catch (error) {
      observe({ kind: "heartbeat", reply: "AWAY" });
      if (!isAway) log.warn({ err: error }, "the lobby index does not answer; rooms go on");
    }
    isAway = !answered;
    options.beaten(answered);
  }

  function run(): Promise<void> {
    running ??= attempt().finally(() => {
      running = undefined;
    });
    return running;
  }

  return {
    async start() {
      timer = setInterval(() => {
        if (!isSuperseded && !running) void run();
      }, limits.heartbeatMs);
      await run();
    },
    async drain() {
      isDraining = true;
      if (isRegistered) await tellDrain();
    },
    stop() {
      stopped = true;
      clearInterval(timer);
      clearTimeout(hurried);
    },
    hurry() {
      hurried ??= setTimeout(() => {
        hurried = undefined;
        // One that is under way may have been written before.
        void (running ?? Promise.resolve()).then(() => {
          if (!stopped && !isSuperseded && isRegistered) void run();
        });
      }, HURRY_MS);
    },
    isHeld: () => !isSuperseded && nowMs() - answeredMs < limits.leaseMs,
    get isDraining() {
      return isDraining;
    },
    get isSuperseded() {
      return isSuperseded;
    },
  };
}

function inTime<T>(promise: Promise<T>, ms: number): Promise<T> {
  return within(promise, ms, () => {
    throw new Error(`no answer within ${ms} ms`);
  });
}
