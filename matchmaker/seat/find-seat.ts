/**
 * The seat where a signed-in player sits, for him to come back to. Its token says that it is for nothing else: what the place was
 * taken with, such as options, is known to its game server alone.
 */
import type { LobbyIndex } from "@frontrow/lobby/lobby.ts";
import { FrontrowError } from "@frontrow/shared/errors.ts";
import type { RoundTrip, Seat } from "@frontrow/shared/protocol/words.ts";
import type { Servers } from "./servers.ts";
import type { SignSeat } from "./sign-seat.ts";

export interface FoundSeat {
  readonly seat: Seat;
  /** Of a match mode. */
  readonly match?: string | undefined;
  readonly team?: number | undefined;
}

export interface FindSeatOptions {
  readonly index: Pick<LobbyIndex, "seatOf">;
  readonly servers: Servers;
  readonly sign: SignSeat;
}

const MATCH = "m:";

/** Rejects with FrontrowError: NOTHING_TO_RESUME, or INDEX_BUSY while the index may not know of it yet. */
export function createFindSeat({ index, servers, sign }: FindSeatOptions) {
  return async function findSeat(player: string, rtt: RoundTrip): Promise<FoundSeat> {
    const sitting = await index.seatOf(player);
    if (sitting.kind === "WAIT") {
      throw new FrontrowError("INDEX_BUSY", "It may not know of every seat yet.", { retryAfterMs: sitting.retryInMs });
    }
    const server = sitting.kind === "SITS" ? await servers.trusted(sitting.server, sitting.boot) : undefined;
    if (sitting.kind === "GONE" || !server) throw new FrontrowError("NOTHING_TO_RESUME");
    const { ticket, seat: place, team } = sitting;
    const wanted = { ticket, place, player, guest: false, compat: "", options: {}, rtt, resume: true } as const;
    return {
      seat: sign(wanted, { ...sitting, kind: "RESERVED" }, server),
      ...(ticket.startsWith(MATCH) ? { match: ticket.slice(MATCH.length) } : {}),
      ...(team === undefined ? {} : { team }),
    };
  };
}
