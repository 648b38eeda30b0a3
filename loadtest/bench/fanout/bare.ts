/**
 * The limit: what the machine allows. A bare uWebSockets process that sends as many frames of the same sizes to as many clients at the
 * same rate, reads what they say and does nothing else. A frame says its tick, as the stream's do.
 */

import { App, type us_socket, us_socket_local_port, type WebSocket } from "uWebSockets.js";
import { STREAM_HEAD } from "@frontrow/shared/stream/echo.ts";
import { FORMAT_VERSION } from "@frontrow/shared/stream/layout.ts";
import { createMeter, type Window } from "./meter.ts";
import { answer } from "./talk.ts";
import { TICK_MS } from "./world.ts";

const FRAME_BYTES_MAX = 65_536;
/** As the game server's: more than this waits for nobody. */
const BACKPRESSURE_MAX = 65_536;

const meter = createMeter();
const sockets = new Set<WebSocket<unknown>>();
const frame = Buffer.alloc(FRAME_BYTES_MAX);
let sizes: Int32Array = Int32Array.of(200);
let [tick, next] = [0, 0];

const port = await new Promise<number>((resolve) => {
  App()
    .ws("/*", {
      maxBackpressure: BACKPRESSURE_MAX,
      idleTimeout: 0,
      sendPingsAutomatically: false,
      open: (socket) => void sockets.add(socket),
      message: () => {},
      close: (socket) => void sockets.delete(socket),
    })
    .listen("127.0.0.1", 0, (bound) => resolve(us_socket_local_port(bound as us_socket)));
});

frame.set(STREAM_HEAD);
frame[STREAM_HEAD.length] = FORMAT_VERSION << 4;

function send(): void {
  const beganMs = performance.now();
  meter.tickBegan(++tick);
  // Four bytes of a varint, whatever the number.
  for (let at = 0; at < 4; at++) frame[STREAM_HEAD.length + 1 + at] = ((tick >> (7 * at)) & 0x7f) | (at < 3 ? 0x80 : 0);
  let [frames, bytes] = [0, 0];
  for (const socket of sockets) {
    const size = Math.max(STREAM_HEAD.length + 5, sizes[next++ % sizes.length]!);
    if (socket.send(frame.subarray(0, size), true) !== 1) meter.observe({ kind: "stream-pace", pace: "half" });
    frames++;
    bytes += size;
  }
  const tookMs = performance.now() - beganMs;
  meter.observe({ kind: "stream-tick", encodeMs: 0, tookMs, frames, bytes });
  meter.observe({ kind: "turn", lateMs: 0, tookMs });
}

const startMs = performance.now();
let sent = 0;
function pass(): void {
  send();
  sent = Math.max(sent + 1, Math.ceil((performance.now() - startMs) / TICK_MS));
  setTimeout(pass, Math.max(0, startMs + sent * TICK_MS - performance.now()));
}
pass();

export type BareAnswers = {
  port(): number;
  sizes(of: Int32Array): void;
  begin(): void;
  end(): Window;
};
answer<BareAnswers>({
  port: () => port,
  sizes(of) {
    sizes = of;
  },
  begin: meter.begin,
  end: meter.end,
});
