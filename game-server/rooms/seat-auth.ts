/** What a room learns of a player: `client.auth`, and the plugin's `player(client)`. All of it comes from the seat token. */
import type { SeatClaims } from "@frontrow/shared/seat-token.ts";

export interface SeatedPlayer {
  readonly playerId: string;
  /** Without an account; the id is good for this visit only. */
  readonly guest: boolean;
  /** Looks on only: takes no seat, counts for no result, and sends what the room allows. */
  readonly spectator: boolean;
  /** Of a mode with teams. */
  readonly team: number | undefined;
  /** The match that brought the player here, of a mode that makes matches. */
  readonly match: string | undefined;
  /** Identity of the place: the ticket, and the seat of it. */
  readonly ticket: string;
  readonly seat: number;
  /** Round trip between the player and the edge, ms; undefined where nothing was measured. */
  readonly rttMs: number | undefined;
  /** Whether the edge had enough samples, each proved by a nonce. */
  readonly rttVerified: boolean;
}

/** The player's round trip to the edge, ms, as far as it is proved; 0: nothing is. */
export const verifiedRttMs = ({ rttMs = 0, rttVerified }: Pick<SeatedPlayer, "rttMs" | "rttVerified">): number =>
  rttVerified ? rttMs : 0;

export function seatedPlayerOf(claims: SeatClaims): SeatedPlayer {
  const { player, guest, spectator = false, team, match, ticket, seat, rtt } = claims;
  return {
    playerId: player,
    guest,
    spectator,
    team,
    match,
    ticket,
    seat,
    rttMs: rtt.samples > 0 ? rtt.minMs : undefined,
    rttVerified: rtt.verified,
  };
}
