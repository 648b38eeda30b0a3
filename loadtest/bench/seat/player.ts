/** One authenticated player on one socket of the edge: play, seat, give the seat back, again and again. */
import { Packr } from "msgpackr/pack";
import { unpack } from "msgpackr/unpack";
import { WebSocket } from "ws";
import { MODE } from "./frontrow.config.ts";
import type { Seeker } from "./load.ts";
import { ticketId } from "./ticket-ids.ts";

interface Heard {
  readonly t: string;
  readonly id?: string;
  readonly code?: string;
  readonly message?: string;
}

export interface PlayerOptions {
  readonly port: number;
  readonly jwt: string;
  /** The first of the ids that this player's tickets get. */
  readonly firstTicket: number;
  readonly mode?: string;
  /** Sees every frame as it arrived. */
  readonly tap?: (frame: Buffer) => void;
}

export interface Player extends Seeker {
  stop(): Promise<void>;
}

/** Resolves once the edge has welcomed the player. */
export function connectPlayer({ port, jwt, firstTicket, mode = MODE, tap }: PlayerOptions): Promise<Player> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/ws`, "frontrow.v1", { perMessageDeflate: false });
  const packr = new Packr({ useRecords: false, variableMapSize: true });
  let tickets = firstTicket;
  let open: { id: string; seated: () => void; ended: (ok: boolean) => void } | undefined;

  return new Promise((resolve, reject) => {
    const player: Player = {
      journey(seated, ended) {
        const id = ticketId(tickets++);
        open = { id, seated, ended };
        socket.send(packr.pack({ t: "play", id, mode }));
      },
      stop: async () => socket.terminate(),
    };

    function hear(message: Heard): void {
      if (message.t === "welcome") return resolve(player);
      if (message.t === "error" && !message.id) return reject(new Error(message.message));
      if (!open || message.id !== open.id) return;
      if (message.t === "seat") {
        open.seated();
        socket.send(packr.pack({ t: "cancel", id: open.id }));
      } else if (message.t === "error") {
        const { ended } = open;
        open = undefined;
        ended(message.code === "CANCELLED");
      }
    }

    socket.on("open", () => socket.send(packr.pack({ t: "hello", v: 1, jwt })));
    socket.on("message", (frame: Buffer) => {
      tap?.(frame);
      hear(unpack(frame) as Heard);
    });
    socket.on("error", reject);
    socket.on("close", () => {
      reject(new Error("the edge closed the socket"));
      open?.ended(false);
      open = undefined;
    });
  });
}
