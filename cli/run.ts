/**
 * The life of a process after its start: stop once on the first signal, and be gone at the second or after a deadline. A process that
 * waits for players stops waiting at the second, and is gone at the third.
 */
import { whenNpmIsGone } from "./npm-gone.ts";
import { withoutSecrets } from "./without-secrets.ts";

export interface Running {
  /** Stops taking work, gives back what it holds, closes its ports. */
  close(): Promise<void>;
  /** Longest that closing takes, where it waits for players; ms. */
  readonly closeMs?: number | undefined;
  /** Players are not waited for any longer. Where there is such a thing, the second signal does it and the third ends the process. */
  hurry?(): void;
}

/** Closing takes at most this long unless it says otherwise; platforms kill after 30 s by default. */
const CLOSE_MS = 25_000;

/** Resolves once it runs. A signal that comes earlier is not lost: what is starting is closed as soon as it can be. */
export async function closeOnSignal(starting: Promise<Running>): Promise<void> {
  let stopping = false;
  let hurry: (() => void) | undefined;
  let late: NodeJS.Timeout | undefined;
  function giveUpIn(ms: number): void {
    clearTimeout(late);
    late = setTimeout(() => process.exit(1), ms).unref();
  }
  function stop(signal: "SIGINT" | "SIGTERM"): void {
    if (stopping && !hurry) process.exit(signal === "SIGINT" ? 130 : 143);
    if (stopping) {
      hurry?.();
      hurry = undefined;
      return giveUpIn(CLOSE_MS);
    }
    stopping = true;
    giveUpIn(CLOSE_MS);
    const closed = starting.then((running) => {
      hurry = running.hurry?.bind(running);
      giveUpIn(running.closeMs ?? CLOSE_MS);
      return running.close();
    });
    closed.then(
      () => process.exit(0),
      (error) => {
        process.stderr.write(`frontrow: ${withoutSecrets(String(error))}\n`);
        process.exit(1);
      },
    );
  }
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  // A child of `frontrow dev` does not outlive it, however it ended.
  process.on("disconnect", () => stop("SIGTERM"));
  whenNpmIsGone(process.env, () => stop("SIGTERM"));
  await starting;
}
