/** One player with the stock SDK behind a gate: of our stream, or of a stock room's state. */
import { Client, type Room } from "@colyseus/sdk";
import { createStreamView } from "@frontrow/client/stream.ts";
import { encodeEcho, STREAM_MESSAGE } from "@frontrow/shared/stream/echo.ts";
import { type Compared, compare } from "../compare.ts";
import type { Seat } from "../server.ts";
import { answer } from "../talk.ts";
import { arena, ROW, type Truth } from "../world.ts";
import { type Gate, openGate } from "./gate.ts";
import type { StockState } from "./stock-state.ts";

const ECHO_MS = 250;
const FOLLOWED = 0;

let gate: Gate | undefined;
let isCapturing = false;
const captured = new Map<number, Int32Array>();

function capture(tick: number, all: Iterable<readonly number[]>): void {
  if (isCapturing) captured.set(tick, Int32Array.from([...all].flat()));
}

async function joinOurs(port: number, { token, roomId, sessionId }: Seat): Promise<void> {
  gate = await openGate(port);
  const address = `127.0.0.1:${gate.port}`;
  const seat = { name: "followed", roomId, sessionId, processId: token, publicAddress: address };
  const room = await new Client(`http://${address}`).consumeSeatReservation(seat as never);
  const view = createStreamView(arena);
  room.onMessage(STREAM_MESSAGE, (bytes: Uint8Array) => {
    view.read(bytes);
    capture(
      view.tick,
      [...view.entities.values()].map(({ id, quantized: { x, y, angle, fields } }) => [id, x, y, angle, fields[0]!]),
    );
  });
  setInterval(() => {
    const echo = encodeEcho({ tick: Math.max(0, view.tick), restart: view.diverged });
    if (view.tick >= 0 && room.connection.isOpen) room.sendBytes(STREAM_MESSAGE, echo);
  }, ECHO_MS);
}

async function joinStock(port: number): Promise<void> {
  gate = await openGate(port);
  const room: Room<unknown, StockState> = await new Client(`http://127.0.0.1:${gate.port}`).joinOrCreate("followed");
  room.onStateChange((state) => {
    const rows: number[][] = [];
    state.things.forEach(({ x, y, angle, hp }, at) => void rows.push([Number(at), x, y, angle, hp]));
    capture(state.tick, rows);
  });
}

export type ClientAnswers = {
  joinOurs(of: { port: number; seat: Seat }): Promise<void>;
  joinStock(port: number): Promise<void>;
  stall(is: boolean): void;
  capture(): void;
  compare(of: { truth: Truth; near: number }): Compared;
};
answer<ClientAnswers>({
  joinOurs: ({ port, seat }) => joinOurs(port, seat),
  joinStock,
  stall: (is) => gate!.shut(is),
  capture() {
    isCapturing = true;
  },
  compare({ truth, near }) {
    isCapturing = false;
    const rows = captured.get(truth.tick);
    captured.clear();
    if (rows && rows.length % ROW.length !== 0) throw new Error("rows of another width");
    return compare([{ follows: FOLLOWED, rows }], truth, near);
  },
});
