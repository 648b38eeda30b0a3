/**
 * This server's lease in the lobby index, kept by heartbeats. An index that does not answer is asked again a heartbeat later,
 * and the rooms do not notice. Heartbeats never overlap, so each one's sequence is the newest when it is sent.
 */
import type { Log } from "../observe.ts";
import { createTalk, type TalkOptions } from "./talk.ts";

export interface Lease {
  /** Registers, or keeps trying to; resolves after the first attempt. */
  start(): Promise<void>;
  /** No new reservations; said to the index now, and again until it heard. Rejects if it did not hear now. */
  drain(): Promise<void>;
  /** Nobody sits down here any more: said with the next heartbeat, if the index answers that. */
  shut(): Promise<void>;
  stop(): void;
  /** Something changed that players would run into, such as a room's end: the next heartbeat comes at once. */
  hurry(): void;
  /** The index answered within the last lease. */
  isHeld(): boolean;
  readonly isDraining: boolean;
  /** A newer boot of this server id has the lease: this process is not offered any more. */
  readonly isSuperseded: boolean;
}

export interface LeaseOptions extends TalkOptions {
  /** After each attempt: `answered` or not. */
  readonly beaten: (answered: boolean) => void;
  readonly log: Log;
}

/** Changes that come together leave together; ms. */
const HURRY_MS = 10;

export function createLease(options: LeaseOptions): Lease {
  const { offer, limits, log, observe, nowMs } = options;
  const talk = createTalk(options);
  let isSuperseded = false;
  let isAway = false;
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let hurried: NodeJS.Timeout | undefined;
  let isStopped = false;

  function superseded(): void {
    isSuperseded = true;
    log.error({ server: offer.server }, "a newer process has this server id: this one is not offered any more");
  }

  async function attempt(): Promise<void> {
    let answered = false;
    try {
      if ((await talk.sayAll()) === "STALE") superseded();
      answered = true;
      if (isAway) log.info({}, "the lobby index answers again");
    } catch (error) {
      observe({ kind: "heartbeat", reply: "AWAY" });
      if (!isAway) log.warn({ err: error }, "the lobby index does not answer; rooms go on");
    }
    isAway = !answered;
    options.beaten(answered);
  }

  async function run(): Promise<void> {
    if (isStopped || isSuperseded) return;
    running ??= attempt().finally(() => {
      running = undefined;
    });
    await running;
  }

  /** One heartbeat that is under way may have been written before what made this one hurry. */
  async function runAfterCurrent(): Promise<void> {
    hurried = undefined;
    await running;
    if (talk.isRegistered()) await run();
  }

  function stop(): void {
    isStopped = true;
    clearInterval(timer);
    clearTimeout(hurried);
  }

  return {
    async start() {
      timer = setInterval(() => void run(), limits.heartbeatMs);
      await run();
    },
    drain: talk.drain,
    async shut() {
      talk.close();
      await runAfterCurrent();
    },
    stop,
    hurry() {
      hurried ??= setTimeout(() => void runAfterCurrent(), HURRY_MS);
    },
    isHeld: () => !isSuperseded && nowMs() - talk.answeredMs() < limits.leaseMs,
    get isDraining() {
      return talk.isDraining();
    },
    get isSuperseded() {
      return isSuperseded;
    },
  };
}
