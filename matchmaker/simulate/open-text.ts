/**
 * A text file as a stream, gzipped or not, with its beginning in view: who reads it can say at once that it is the wrong kind of file.
 */
import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { InputError } from "./input-error.ts";

export interface OpenText {
  /** The first bytes as text: at least the first line of any sane file. */
  readonly beginning: string;
  /** All of it, the beginning included. */
  readonly bytes: Readable;
}

const BEGINNING_BYTES = 16_384;

/** Rejects with InputError for what is no text file. */
export async function openText(path: string): Promise<OpenText> {
  const isZipped = await isGzip(path);
  const source = createReadStream(path);
  // Whatever goes wrong in either comes out of the last one's iterator.
  const bytes = isZipped ? pipeline(source, createGunzip(), () => {}) : source;
  const iterator = bytes[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const first: Buffer[] = [];
  try {
    for (let length = 0; length < BEGINNING_BYTES; ) {
      const { value, done } = await iterator.next();
      if (done) break;
      first.push(value);
      length += value.length;
    }
  } catch (error) {
    throw new InputError(`${path} cannot be read: ${(error as Error).message}`);
  }
  const beginning = Buffer.concat(first);
  if (beginning.includes(0)) throw new InputError(`${path} is no text file`);
  if (beginning.length === 0) throw new InputError(`${path} is empty`);
  async function* all() {
    try {
      yield* first;
      for (;;) {
        const { value, done } = await iterator.next();
        if (done) return;
        yield value;
      }
    } finally {
      await iterator.return?.();
    }
  }
  return { beginning: beginning.toString("utf8"), bytes: Readable.from(all(), { objectMode: false }) };
}

async function isGzip(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new InputError(`there is no file ${path}`);
  if (found.isDirectory()) throw new InputError(`${path} is a folder`);
  const file = await open(path).catch((error: Error) => {
    throw new InputError(`${path} cannot be read: ${error.message}`);
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}
