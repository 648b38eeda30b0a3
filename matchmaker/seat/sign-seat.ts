/** The token of one reserved seat, as its player needs it. */
import type { Reserved } from "@frontrow/lobby/lobby.ts";
import type { JoinOptionsValue } from "@frontrow/shared/config/check-options.ts";
import { FrontrowError } from "@frontrow/shared/errors.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import type { RoundTrip, Seat } from "@frontrow/shared/protocol/words.ts";
import type { Issuer } from "./issuer.ts";
import type { TrustedServer } from "./servers.ts";
import { sessionIdOf } from "./session-id.ts";

export interface ReservedSeat {
  /** Of the reservation. */
  readonly ticket: string;
  /** Index among the reservation's seats. */
  readonly place: number;
  readonly player: string;
  readonly guest: boolean;
  readonly compat: string;
  readonly options: JoinOptionsValue;
  readonly rtt: RoundTrip;
  /** For a player who sits there, to come back. */
  readonly resume?: true;
  /** For somebody who only looks on. */
  readonly spectator?: true;
  /** Of a match. */
  readonly of?: {
    readonly match: string;
    readonly team: number;
    readonly rating?: number | undefined;
    readonly bots: readonly number[];
  };
}

/** Throws INVALID_ATTRIBUTES when the token would be too long for a link. */
export type SignSeat = (seat: ReservedSeat, held: Reserved, server: TrustedServer) => Seat;

export function createSignSeat(
  metro: string,
  issuer: Issuer,
  limits: Pick<Limits, "seatTokenMs" | "seatTokenBytes">,
): SignSeat {
  return ({ ticket, place, player, guest, compat, options, rtt, resume, spectator, of }, held, server) => {
    const sessionId = sessionIdOf(ticket, place, held.roomId);
    const code = held.code === "" ? {} : { code: held.code };
    const token = issuer.sign(
      {
        metro,
        server: server.server,
        boot: server.boot,
        room: held.roomId,
        mode: held.mode,
        ticket,
        seat: place,
        gen: held.generation,
        sid: sessionId,
        player,
        guest,
        seats: held.capacity,
        private: held.private,
        ...code,
        compat,
        ...(of ? { match: of.match, team: of.team } : {}),
        ...(of?.rating === undefined ? {} : { rating: of.rating }),
        ...(of?.bots.some((bots) => bots > 0) ? { bots: [...of.bots] } : {}),
        ...(resume ? { resume } : {}),
        ...(spectator ? { spectator } : {}),
        options: options as never,
        rtt,
        exp: held.nowMs + limits.seatTokenMs,
      },
      server,
    );
    // A link's decoder takes no longer one: it would end the link, with everybody's tickets on it.
    if (token.length > limits.seatTokenBytes) {
      throw new FrontrowError("INVALID_ATTRIBUTES", `Their seat token is larger than ${limits.seatTokenBytes} bytes.`);
    }
    return {
      token,
      mode: held.mode,
      roomId: held.roomId,
      sessionId,
      publicAddress: server.publicAddress,
      secure: server.secure,
      expiresInMs: limits.seatTokenMs,
      generation: held.generation,
      ...code,
    };
  };
}
