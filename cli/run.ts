/** The life of a process after its start: stop once on the first signal, and be gone at the second or after a deadline. */
import { withoutSecrets } from "./without-secrets.ts";

export interface Running {
  /** Stops taking work, gives back what it holds, closes its ports. */
  close(): Promise<void>;
}

/** Closing takes at most this long; platforms kill after 30 s by default. */
const CLOSE_MS = 25_000;

/** Resolves once it runs. A signal that comes earlier is not lost: what is starting is closed as soon as it can be. */
export async function closeOnSignal(starting: Promise<Running>): Promise<void> {
  let stopping = false;
  function stop(signal: "SIGINT" | "SIGTERM"): void {
    if (stopping) process.exit(signal === "SIGINT" ? 130 : 143);
    stopping = true;
    setTimeout(() => process.exit(1), CLOSE_MS).unref();
    const closed = starting.then((running) => running.close());
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
  await starting;
}
