/**
 * Thousands of clients of a stream in one process. They count what they hear, echo four times a second the tick that they have
 * heard, and send inputs where they are told to; what they say is spread evenly over time. The first fifty decode everything.
 */
import { createStreamView } from "@frontrow/client/stream.ts";
import { encodeEcho, STREAM_HEAD } from "@frontrow/shared/stream/echo.ts";
import { FRAME } from "@frontrow/shared/stream/layout.ts";
import { type Captured, type Compared, compare } from "./compare.ts";
import { quantile } from "./meter.ts";
import { createReadBuffer, frameOf, RawClient } from "./raw-client.ts";
import { answer } from "./talk.ts";
import { arena, createMachineClock, INPUT_MESSAGE, NEAR, ROW, type Truth } from "./world.ts";

const DECODED = 50;
/** The last so many sizes of frames are kept, for the bare server. */
const SIZES = 4_096;
/** What is said is spread over slots of this length: an input takes ten of them, an echo fifty. */
const SLOT_MS = 5;
const [INPUT_SLOTS, ECHO_SLOTS] = [10, 50];
/** Upgrades under way at once. */
const CONNECTING = 50;
const DATA_BYTES = STREAM_HEAD[0]!;
const INPUT_HEAD = Uint8Array.of(DATA_BYTES, 0xa0 + INPUT_MESSAGE.length, INPUT_MESSAGE.charCodeAt(0));

interface Decoded {
  readonly view: ReturnType<typeof createStreamView<(typeof arena)["kinds"], Record<never, never>>>;
  readonly captured: Map<number, Int32Array>;
}

const nowMs = createMachineClock();
const into = createReadBuffer();
const clients: RawClient[] = [];
const decoders = new Map<RawClient, Decoded>();
const sizes = new Int32Array(SIZES);
let [sized, frames, bytes, restarts, checksums, closed, saidInputs, startMs] = [0, 0, 0, 0, 0, 0, 0, 0];
let [isMeasuring, isCapturing, hasInputs] = [false, false, false];
let cpu = process.cpuUsage();
/** Tick and time of each frame of the window. */
let arrivals: number[] = [];

function heard(client: RawClient, frame: Buffer): void {
  frames++;
  bytes += frame.length;
  if (isMeasuring) arrivals.push(client.tick, nowMs());
  const decoded = decoders.get(client);
  if (!decoded) return;
  sizes[sized++ % SIZES] = frame.length + STREAM_HEAD.length;
  if (frame[0]! & FRAME.checksum) checksums++;
  const read = decoded.view.read(frame);
  if (!read.ok) console.error(read.why);
  if (isCapturing) decoded.captured.set(decoded.view.tick, rowsOf(decoded));
}

function rowsOf({ view }: Decoded): Int32Array {
  const rows = new Int32Array(view.entities.size * ROW.length);
  let end = 0;
  for (const { id, quantized } of view.entities.values()) {
    rows.set([id, quantized.x, quantized.y, quantized.angle, quantized.fields[0]!], end);
    end += ROW.length;
  }
  return rows;
}

/** Resolves at its first frame. */
function open(port: number, path: string, decodes: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const hear = (client: RawClient, frame: Buffer) => {
      resolve();
      heard(client, frame);
    };
    const client = new RawClient({
      port,
      path,
      into,
      heard: hear,
      closed(client, code) {
        const at = clients.indexOf(client);
        if (at >= 0) {
          closed++;
          clients.splice(at, 1);
        }
        reject(new Error(`closed ${code}`));
      },
    });
    clients.push(client);
    if (decodes && decoders.size < DECODED)
      decoders.set(client, { view: createStreamView(arena), captured: new Map() });
  });
}

async function openAll(port: number, paths: readonly string[], decodes: boolean): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < paths.length) await open(port, paths[next++]!, decodes);
  };
  await Promise.all(Array.from({ length: CONNECTING }, worker));
}

/** What every client says in one slot; the frames are the same for all that have heard the same. */
function speak(slot: number): void {
  let echo: { tick: number; frame: Buffer } | undefined;
  for (let at = slot % ECHO_SLOTS; at < clients.length; at += ECHO_SLOTS) {
    const client = clients[at]!;
    const restart = client.tick >= 0 && (decoders.get(client)?.view.diverged ?? false);
    if (restart) restarts++;
    if (restart || echo?.tick !== client.tick) {
      const { tick } = client;
      if (tick < 0) continue;
      echo = { tick, frame: frameOf(Buffer.concat([STREAM_HEAD, encodeEcho({ tick, restart })])) };
    }
    client.say(echo.frame);
    if (restart) echo = undefined;
  }
  if (!hasInputs) return;
  const wish = Math.round(Math.sin(slot / 40) * 127) & 0xff;
  const input = frameOf(Uint8Array.of(...INPUT_HEAD, slot & 0xff, (slot >> 8) & 0xff, 0, wish));
  for (let at = slot % INPUT_SLOTS; at < clients.length; at += INPUT_SLOTS) {
    clients[at]!.say(input);
    saidInputs++;
  }
}

let slotsDone = Math.floor(performance.now() / SLOT_MS);
setInterval(() => {
  const slot = Math.floor(performance.now() / SLOT_MS);
  // After a pause what was not said is not made up for at once: real clients would not either.
  slotsDone = Math.max(slotsDone, slot - INPUT_SLOTS);
  while (slotsDone < slot) speak(++slotsDone);
}, SLOT_MS);

export type SinkAnswers = {
  open(of: { port: number; paths: readonly string[]; decodes: boolean }): Promise<void>;
  /** Keeps the first `count`. */
  keep(count: number): void;
  inputs(are: boolean): void;
  begin(): void;
  end(began: Float64Array): SinkWindow;
  sizes(): Int32Array;
  capture(): void;
  compare(truth: Truth): Compared;
};
export interface SinkWindow {
  readonly clients: number;
  readonly cpuPercent: number;
  readonly frames: number;
  readonly bytesPerFrame: number;
  readonly inputs: number;
  /** From a tick's beginning to the reading of its frame. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Since the process began: views that had to start anew, checksums that were looked at, connections that were lost. */
  readonly restarts: number;
  readonly checksums: number;
  readonly closed: number;
}

function endWindow(began: Float64Array): SinkWindow {
  const { user, system } = process.cpuUsage(cpu);
  isMeasuring = false;
  const beganAt = new Map<number, number>();
  for (let at = 0; at < began.length; at += 2) beganAt.set(began[at]!, began[at + 1]!);
  const took: number[] = [];
  for (let at = 0; at < arrivals.length; at += 2) {
    const from = beganAt.get(arrivals[at]!);
    if (from !== undefined) took.push(arrivals[at + 1]! - from);
  }
  const sorted = Float64Array.from(took).sort();
  arrivals = [];
  return {
    clients: clients.length,
    cpuPercent: (user + system) / 10 / (nowMs() - startMs),
    frames,
    bytesPerFrame: bytes / frames,
    inputs: saidInputs,
    p50Ms: quantile(sorted, 0.5),
    p99Ms: quantile(sorted, 0.99),
    restarts,
    checksums,
    closed,
  };
}

answer<SinkAnswers>({
  open: ({ port, paths, decodes }) => openAll(port, paths, decodes),
  keep(count) {
    for (const client of clients.splice(count)) {
      decoders.delete(client);
      client.end();
    }
  },
  inputs(are) {
    hasInputs = are;
  },
  begin() {
    [frames, bytes, saidInputs, startMs] = [0, 0, 0, nowMs()];
    cpu = process.cpuUsage();
    arrivals = [];
    isMeasuring = true;
  },
  end: endWindow,
  sizes: () => sizes.slice(0, Math.min(sized, SIZES)),
  capture() {
    isCapturing = true;
  },
  compare(truth) {
    isCapturing = false;
    const all: Captured[] = [];
    for (const [client, { captured }] of decoders) {
      all.push({ follows: clients.indexOf(client), rows: captured.get(truth.tick) });
      captured.clear();
    }
    return compare(all, truth, NEAR);
  },
});
