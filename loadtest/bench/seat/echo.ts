/**
 * The limit: what the same sockets could do if nothing had to be decided. A bare uWebSockets process that answers hello, play
 * and cancel with frames recorded from a real journey, of which it changes only the ticket's id.
 *
 * node echo.ts <port> <replies: JSON, by the first letter of the message's type, frames in base64>
 */
import { App, type WebSocket } from "uWebSockets.js";
import { ID_CHARS, idOffset } from "./ticket-ids.ts";

const [port, recorded] = [Number(process.argv[2]), JSON.parse(process.argv[3]!) as Record<string, string[]>];

interface Reply {
  readonly frame: Buffer;
  readonly idAt: number;
}
const replies = new Map<number, Reply[]>();
for (const [letter, frames] of Object.entries(recorded)) {
  const framesOf = frames.map((text) => Buffer.from(text, "base64"));
  replies.set(
    letter.charCodeAt(0),
    framesOf.map((frame) => ({ frame, idAt: idOffset(frame) })),
  );
}

App()
  .ws("/v1/ws", {
    upgrade(response, request, context) {
      const key = request.getHeader("sec-websocket-key");
      response.upgrade({}, key, request.getHeader("sec-websocket-protocol"), "", context);
    },
    message(socket: WebSocket<unknown>, message) {
      const heard = Buffer.from(message);
      const idAt = idOffset(heard);
      // {"t": "play", …}: map header, "t" in two bytes, string header, and then the type itself.
      for (const reply of replies.get(heard[4]!) ?? []) {
        if (reply.idAt >= 0) heard.copy(reply.frame, reply.idAt, idAt, idAt + ID_CHARS);
        socket.send(reply.frame, true);
      }
    },
  })
  .any("/*", (response) => void response.end())
  .listen("127.0.0.1", port, (bound) => {
    if (!bound) process.exit(1);
  });
