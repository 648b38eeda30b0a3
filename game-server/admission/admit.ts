/** Brings an upgraded visitor to its place in its room, within a deadline, or says why not. */
import { ServerError } from "@colyseus/core";
import { FrontrowError } from "@frontrow/shared/errors.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import type { ReportFault } from "../room-faults.ts";
import type { RoomTable } from "../rooms/room-table.ts";
import type { Connection } from "../transport/connection.ts";
import { within } from "../within.ts";
import { admitOpenly } from "./open.ts";
import type { VerifyPlayer } from "./players.ts";
import { reconnect } from "./reconnect.ts";
import type { Returns } from "./returns.ts";
import { takeSeat } from "./take-seat.ts";
import type { Visit } from "./visit.ts";

/** "gone": the socket closed on the way. */
export type Admitted = "sat" | "took-over" | "reconnected" | "gone";
/** Rejects with what the visitor is to be told. */
export type Admit = (visit: Visit, connection: Connection) => Promise<Admitted>;

export interface AdmitOptions {
  readonly table: RoomTable;
  readonly limits: Limits;
  readonly verifyPlayer: VerifyPlayer | undefined;
  readonly returns: Returns;
  readonly reportFault: ReportFault;
  /** The server is stopping: nobody sits down any more. */
  readonly isClosing: () => boolean;
  /** Monotonic. */
  readonly nowMs: () => number;
}

export function createAdmit(options: AdmitOptions): Admit {
  async function serve(visit: Visit, connection: Connection): Promise<Admitted> {
    const { wish } = visit;
    if (wish.kind === "refused") throw new FrontrowError(wish.code);
    if (wish.kind === "reconnect" || (wish.kind === "seat" && wish.claims.resume)) {
      await options.returns.turn();
      if (!connection.isOpen) return "gone";
    }
    if (wish.kind === "seat") return takeSeat(visit, connection, wish.claims, options);
    if (wish.kind === "reconnect") return reconnect(visit, connection, wish, options);
    await admitOpenly(visit, connection, wish.sessionId);
    return "sat";
  }

  return async function admit(visit, connection) {
    try {
      return await within(serve(visit, connection), options.limits.admissionMs, () => {
        throw new FrontrowError("ROOM_FAILED");
      });
    } catch (error) {
      const isForeseen = error instanceof FrontrowError || error instanceof ServerError;
      if (!isForeseen && connection.isOpen) options.reportFault("onJoin", visit.roomId, error);
      throw error;
    }
  };
}
