/**
 * One player's journey over the JSON subprotocol: hello, play, seat, give back. Free of imports from the project, so that k6
 * runs it without a bundle.
 */
import exec from "k6/execution";
import { WebSocket } from "k6/websockets";
import { cancelMessage, helloMessage, playMessage } from "./messages.ts";

export type Journey =
  | { ok: true; roomId: string; seatMs: number; givenBack: boolean }
  | { ok: false; code: string; message: string };

const DEADLINE_MS = 10_000;

/** Always settles; the socket is closed when it has. */
export function journey(target: string, mode: string, jwt: string | undefined): Promise<Journey> {
  // `Date.now()` is whole milliseconds in k6; the run's own clock has fractions. It cannot be read at import.
  const clock = exec.instance;
  return new Promise((resolve) => {
    // k6 takes no subprotocols as an argument; the header is what they become.
    const socket = new WebSocket(`${target.replace(/^http/, "ws").replace(/\/$/, "")}/v1/ws`, null, {
      headers: { "Sec-WebSocket-Protocol": "frontrow.v1.json" },
    });
    let askedMs = 0;
    let seat: { roomId: string; seatMs: number } | undefined;
    let over = false;

    function end(journey: Journey): void {
      if (over) return;
      over = true;
      clearTimeout(deadline);
      socket.close();
      resolve(journey);
    }
    const deadline = setTimeout(
      () => end({ ok: false, code: "TIMEOUT", message: "no answer in ten seconds" }),
      DEADLINE_MS,
    );

    socket.onopen = () => socket.send(helloMessage(jwt));
    socket.onmessage = (event) => {
      const message = JSON.parse(event?.data as string);
      if (message.t === "welcome") {
        askedMs = clock.currentTestRunDuration;
        socket.send(playMessage(mode));
      } else if (message.t === "seat") {
        seat = { roomId: message.seat.roomId, seatMs: clock.currentTestRunDuration - askedMs };
        socket.send(cancelMessage());
      } else if (message.t === "error") {
        const givenBack = message.code === "CANCELLED";
        end(seat ? { ok: true, ...seat, givenBack } : { ok: false, code: message.code, message: message.message });
      }
    };
    socket.onerror = (event) => end({ ok: false, code: "UNREACHABLE", message: event?.error ?? "" });
    socket.onclose = () => end({ ok: false, code: "CLOSED", message: "the edge closed the socket" });
  });
}
