/** Clients of the motes' room: one that reads and holds every frame against what the server had, and ones that stop reading. */
import { type Room, Client as StockClient } from "@colyseus/sdk";
import { createStreamView, type StreamView } from "@frontrow/client/stream.ts";
import { tickOf } from "@frontrow/shared/stream/decode.ts";
import { encodeEcho, STREAM_HEAD, STREAM_MESSAGE } from "@frontrow/shared/stream/echo.ts";
import { vi } from "vitest";
import { asks } from "../../support/game-server/sdk.ts";
import { RawSeat, reserveOverHttp } from "../../support/raw-seat.ts";
import { MOTES, moteAt, motesStream } from "../world/motes.ts";
import type { MotesReport, Weight } from "../world/motes-room.ts";

/** Often enough to be told apart from one that has stopped, on a busy machine too. */
const ECHO_MS = 100;

export interface MotesReader {
  readonly room: Room;
  frames: number;
  /** Frames that did not fit, or after which the checksum did not. */
  lost: number;
  /** Motes that were not where the server had them at the tick that was shown, or were not shown. */
  wrong: number;
  /** Of the largest frame. */
  bytesMax: number;
  readonly tick: number;
  /** What the room says of itself. */
  report(): Promise<MotesReport>;
  /** What its process weighs; costs that process a collection. */
  weigh(): Promise<Weight>;
  stop(): void;
}

export async function readMotes(url: string): Promise<MotesReader> {
  const room: Room = await new StockClient(url).joinOrCreate("motes");
  const view = createStreamView(motesStream);
  const echo = () => {
    if (room.connection.isOpen) room.sendBytes(STREAM_MESSAGE, encodeEcho({ tick: view.tick, restart: false }));
  };
  const echoing = setInterval(echo, ECHO_MS);
  const reader: MotesReader = {
    ...{ room, frames: 0, lost: 0, wrong: 0, bytesMax: 0 },
    get tick() {
      return view.tick;
    },
    report: () => asks(room, "report"),
    weigh: () => asks(room, "weigh"),
    stop() {
      clearInterval(echoing);
      void room.leave();
    },
  };
  room.onMessage(STREAM_MESSAGE, (bytes: Uint8Array) => {
    reader.frames++;
    reader.bytesMax = Math.max(reader.bytesMax, STREAM_HEAD.length + bytes.length);
    if (!view.read(bytes).ok || view.diverged) reader.lost++;
    else reader.wrong += wrongIn(view);
  });
  room.send("follow");
  await vi.waitUntil(() => reader.frames > 2, { timeout: 10_000, interval: 20 });
  return reader;
}

function wrongIn({ entities, tick }: StreamView<typeof motesStream.kinds, typeof motesStream.events>): number {
  let wrong = MOTES - entities.size;
  for (const { x, y, fields } of entities.values()) {
    const truth = moteAt(fields.at, tick);
    if (x !== truth.x || y !== truth.y || fields.mark !== truth.mark) wrong++;
  }
  return wrong;
}

export interface StalledSeat {
  readonly seat: RawSeat;
  /** Resolves once it has stopped. */
  readonly stalled: Promise<void>;
}

/** Reads nothing more from the first frame of the stream on; it says that it has shown that one, or is mute from the beginning. */
export async function sitAndStall(url: string, into: Buffer, isMute: boolean): Promise<StalledSeat> {
  const { path } = await reserveOverHttp(url, "motes");
  const stalled = Promise.withResolvers<void>();
  let isOver = false;
  const heard = (message: Buffer, seat: RawSeat) => {
    if (isOver || !message.subarray(0, STREAM_HEAD.length).equals(STREAM_HEAD)) return;
    const tick = tickOf(message.subarray(STREAM_HEAD.length)) ?? 0;
    if (!isMute) seat.say(Buffer.concat([STREAM_HEAD, encodeEcho({ tick, restart: false })]));
    seat.stall();
    isOver = true;
    stalled.resolve();
  };
  const seat = new RawSeat({ port: Number(new URL(url).port), path, into, heard });
  if (!(await seat.joined)) throw new Error(`it did not get in: ${seat.code}`);
  return { seat, stalled: stalled.promise };
}
