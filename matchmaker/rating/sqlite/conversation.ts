/**
 * Asks on their way to the thread. One batch is there at a time and what comes meanwhile is the next one, so that a busy store commits
 * many matches with one transaction and an idle one answers at once.
 */
import { Worker } from "node:worker_threads";
import type { AnswerTo, Ask, FromThread, Outcome, PlayerChange, ThreadOptions, ToThread } from "./asks.ts";

/** Asks in one transaction: some milliseconds. */
const BATCH_MAX = 500;
/** Asks that wait; the next is refused. */
const ASKS_MAX = 20_000;
const CLOSED = "the ratings are closed";

interface Waiting {
  readonly ask: Ask;
  readonly settle: (outcome: Outcome) => void;
}

export interface Conversation {
  /** Rejects where the file could not be read or written, or too much waits already. */
  ask<A extends Ask>(ask: A): Promise<AnswerTo[A["kind"]]>;
  /** After everything that was asked is answered. */
  close(): Promise<void>;
}

/** Rejects if the file cannot be opened. `onChanged` is told what other processes wrote. */
export async function openConversation(
  options: ThreadOptions,
  onChanged: (players: readonly PlayerChange[] | "all") => void,
): Promise<Conversation> {
  const waiting: Waiting[] = [];
  let sent: Waiting[] = [];
  let ended: string | undefined;
  let isClosing = false;
  const worker = new Worker(new URL("./thread.ts", import.meta.url), {
    workerData: options,
    // Node 22 warns of its own module on stderr once a process; what we use of it has not changed since, and is tested.
    execArgv: ["--disable-warning=ExperimentalWarning"],
  });
  const exited = new Promise<void>((resolve) => {
    worker.once("exit", () => {
      end(isClosing ? CLOSED : "the thread of the ratings has ended");
      resolve();
    });
  });

  function end(why: string): void {
    ended ??= why;
    for (const { settle } of [...sent, ...waiting.splice(0)]) settle({ failed: ended });
    sent = [];
  }

  function send(): void {
    if (sent.length > 0 || ended !== undefined) return;
    sent = waiting.splice(0, BATCH_MAX);
    if (sent.length === 0) return isClosing ? worker.postMessage("close" satisfies ToThread) : worker.unref();
    // Only a thread with work keeps its process alive.
    worker.ref();
    worker.postMessage({ asks: sent.map(({ ask }) => ask) } satisfies ToThread);
  }

  function heard(message: FromThread): void {
    if (message.kind === "changed") return onChanged(message.players);
    if (message.kind === "opened") return;
    const answered = sent;
    sent = [];
    answered.forEach(({ settle }, at) => void settle(message.outcomes[at]!));
    send();
  }

  await new Promise<void>((resolve, reject) => {
    worker.on("error", (error) => {
      end(messageOf(error));
      reject(new Error(`the ratings in ${options.file} cannot be used: ${messageOf(error)}`, { cause: error }));
    });
    worker.once("message", () => resolve());
  });
  worker.on("message", heard);
  worker.unref();

  return {
    ask(ask) {
      if (ended !== undefined || isClosing) return Promise.reject(new Error(ended ?? CLOSED));
      if (waiting.length >= ASKS_MAX) return Promise.reject(new Error(`${ASKS_MAX} questions wait for the ratings`));
      return new Promise((resolve, reject) => {
        const settle = (outcome: Outcome) =>
          "failed" in outcome ? reject(new Error(outcome.failed)) : resolve(outcome.answer as never);
        waiting.push({ ask, settle });
        // What is asked in one turn goes together.
        if (waiting.length === 1 && sent.length === 0) setImmediate(send);
      });
    },
    async close() {
      if (!isClosing) {
        isClosing = true;
        worker.ref();
        if (waiting.length === 0) send();
      }
      await exited;
    },
  };
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
