/**
 * The file under the ticket log. Lines wait in memory and go out in blocks; a disk that is too slow loses lines, which are counted, and
 * never slows a round. A full file becomes `<file>.1`, in place of the one before: the newest tickets are kept, within twice the bound.
 */
import { renameSync, statSync } from "node:fs";
import boom from "sonic-boom";

export interface LogFileOptions {
  readonly path: string;
  /** Of the file. */
  readonly bytesMax: number;
  /** Waiting for the disk. */
  readonly bufferBytesMax: number;
  /** The line that a new file, and a new process, begins with. */
  readonly opening: () => string;
  /** Told once, of the first thing that went wrong. */
  readonly failed: (error: unknown) => void;
}

export interface LogFile {
  write(line: string): void;
  /** Lines that were not written. */
  readonly dropped: number;
  close(): Promise<void>;
}

// A CommonJS module whose names Node does not see.
const { SonicBoom } = boom;

const BLOCK_BYTES = 8_192;
/** A line is in the file within this. */
const FLUSH_MS = 1_000;

export function openLogFile({ path, bytesMax, bufferBytesMax, opening, failed }: LogFileOptions): LogFile {
  let bytes = sizeOf(path);
  let dropped = 0;
  let hasFailed = false;
  const fail = (error: unknown) => {
    if (hasFailed) return;
    hasFailed = true;
    file.destroy();
    failed(error);
  };
  const file = new SonicBoom({
    dest: path,
    mode: 0o600,
    sync: false,
    minLength: BLOCK_BYTES,
    maxLength: bufferBytesMax,
    periodicFlush: FLUSH_MS,
  });
  file.on("error", fail);
  file.on("drop", () => dropped++);

  function put(line: string): void {
    bytes += Buffer.byteLength(line);
    file.write(line);
  }

  function turnOver(): void {
    try {
      // What still waits goes into the new file.
      renameSync(path, `${path}.1`);
      file.reopen();
      bytes = 0;
      put(opening());
    } catch (error) {
      fail(error);
    }
  }

  put(opening());
  return {
    write(line) {
      if (hasFailed) {
        dropped++;
        return;
      }
      if (bytes >= bytesMax) turnOver();
      put(line);
    },
    get dropped() {
      return dropped;
    },
    close() {
      if (hasFailed) return Promise.resolve();
      return new Promise((resolve) => {
        // Also when it fails: `fail` destroys it.
        file.once("close", resolve);
        file.end();
      });
    },
  };
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
