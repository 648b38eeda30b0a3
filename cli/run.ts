/** The life of a process: start, say so, stop once on the first signal, and be gone at the second or after a deadline. */
import { ConfigurationError } from "@frontrow/shared/config/parse-settings.ts";
import { withoutSecrets } from "./log.ts";

export interface Running {
  /** Stops taking work, gives back what it holds, closes its ports. */
  close(): Promise<void>;
}

/** Closing takes at most this long; platforms kill after 30 s by default. */
const CLOSE_MS = 25_000;
/** Exit status of a process that was told nonsense, as sysexits' EX_CONFIG. */
const EXIT_CONFIG = 78;

export async function run(start: () => Promise<Running>): Promise<void> {
  let running: Running;
  try {
    running = await start();
  } catch (error) {
    const known = error instanceof ConfigurationError;
    const text = known ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`frontrow: ${withoutSecrets(text)}\n`);
    process.exit(known ? EXIT_CONFIG : 1);
  }
  const stop = () => {
    process.once("SIGINT", () => process.exit(130));
    process.once("SIGTERM", () => process.exit(143));
    setTimeout(() => process.exit(1), CLOSE_MS).unref();
    running.close().then(
      () => process.exit(0),
      (error) => {
        process.stderr.write(`frontrow: ${withoutSecrets(String(error))}\n`);
        process.exit(1);
      },
    );
  };
  let stopping = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      if (stopping) return;
      stopping = true;
      stop();
    });
  }
}
