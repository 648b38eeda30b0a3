/** A player of duels on a raw socket, JSON: asks for one after the other, gives each seat back, and keeps book. */
import { WebSocket } from "ws";

export interface Outcome {
  readonly ticket: string;
  readonly atMs: number;
  /** Of a seat. */
  readonly match?: string;
  readonly roomId?: string;
  readonly sessionId?: string;
  /** Of a refusal. */
  readonly code?: string;
}

export interface Duellist {
  readonly outcomes: Outcome[];
  /** Tickets that were asked for. */
  readonly asked: string[];
  /** Ends the loop; resolves when the last ticket has its outcome. */
  finish(): Promise<void>;
  close(): void;
}

export async function startDuellist(port: number, name: string, pauseMs = 20): Promise<Duellist> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/ws`, "frontrow.v1.json");
  const outcomes: Outcome[] = [];
  const asked: string[] = [];
  let isOver = false;
  let finished: () => void = () => {};
  const say = (message: unknown) => socket.send(JSON.stringify(message));

  function ask(): void {
    if (isOver) return finished();
    const id = `${name}-${asked.length}`;
    asked.push(id);
    say({ t: "play", id, mode: "duel" });
  }
  function next(outcome: Omit<Outcome, "atMs">): void {
    outcomes.push({ ...outcome, atMs: Date.now() });
    setTimeout(ask, pauseMs);
  }

  const welcomed = new Promise<void>((resolve, reject) => {
    socket.on("error", reject);
    socket.on("open", () => say({ t: "hello", v: 1 }));
    socket.on("message", (text) => {
      const message = JSON.parse(String(text));
      if (message.t === "welcome") resolve();
      else if (message.t === "probe") say({ t: "echo", nonce: message.nonce });
      else if (message.t === "seat") {
        const { match, seat, id: ticket } = message;
        say({ t: "cancel", id: ticket });
        next({ ticket, match, roomId: seat.roomId, sessionId: seat.sessionId });
      } else if (message.t === "error" && message.id === asked.at(-1) && outcomes.at(-1)?.ticket !== message.id) {
        next({ ticket: message.id, code: message.code });
      }
    });
  });
  await welcomed;
  ask();
  return {
    outcomes,
    asked,
    finish() {
      isOver = true;
      return new Promise((resolve) => {
        finished = resolve;
        if (outcomes.length === asked.length) resolve();
      });
    },
    close: () => socket.terminate(),
  };
}
