/** What the edge needs from the world around it. */
import type { HolderMessage, OwnerMessage, ReplicaSet } from "@frontrow/shared/protocol/match-link.ts";
import type { MemberMessage, PartyMessage } from "@frontrow/shared/protocol/party-link.ts";
import type { RoomPage, RoundTrip, Seat, Target } from "@frontrow/shared/protocol/words.ts";

/**
 * One metro's matchmaker, as an edge sees it: in the same process or behind a WebSocket. Every promise settles within
 * `limits.linkRequestMs` and rejects only with FrontrowError.
 */
export interface MetroLink {
  readonly metro: string;
  isUp(): boolean;
  /** From this edge to the metro, measured on the link; undefined before the first echo. */
  roundTrip(): RoundTrip | undefined;
  /** Verifies the player once more (`jwt`) or believes the edge's guest name, and claims the player's session record. */
  openSession(session: {
    sid: string;
    jwt?: string | undefined;
    guest?: string | undefined;
  }): Promise<{ playerId: string; generation: number }>;
  closeSession(sid: string): void;
  place(request: PlaceRequest): Promise<Seat>;
  /** Where the session's player sits in this metro; rejects with NOTHING_TO_RESUME if nowhere. */
  findSeat(asked: { readonly sid: string; readonly rtt: RoundTrip }): Promise<FoundSeat>;
  /** `of`: the seat is one of a match's. */
  giveBack(sid: string, ticket: string, of?: MatchPlace): Promise<void>;
  /** `watchable`: rooms that take spectators, matches among them, in place of those with seats. */
  listRooms(query: {
    mode: string;
    after?: string | undefined;
    limit: number;
    watchable?: boolean | undefined;
  }): Promise<RoomPage>;
  /** Where a room's server is, for a reconnection. */
  locate(roomId: string): Promise<{ mode: string; publicAddress: string; secure: boolean }>;
  /** Called with the session whose player opened a newer one elsewhere. */
  onSuperseded(told: (sid: string) => void): void;
  /** About tickets of match modes and parties, to the replica of that name or to any; false: it cannot be reached. Nothing is awaited. */
  say(replica: string | undefined, message: HolderMessage | MemberMessage): boolean;
  /** The metro's replicas, as the one with the highest epoch says of those that can be reached now. */
  replicas(): ReplicaSet | undefined;
  onMatch(told: MatchEar): void;
}

/** A seat that is sat in; of a match mode with its match. */
export interface FoundSeat {
  readonly seat: Seat;
  readonly match?: string | undefined;
  readonly team?: number | undefined;
}

/** A seat of a match. */
export interface MatchPlace {
  readonly match: string;
  readonly place: number;
}

/** Who listens to a metro's owners of pools and of parties. */
export interface MatchEar {
  hear(replica: string, message: OwnerMessage | PartyMessage): void;
  /** The replica set is another, or a link to one of it came or went. */
  changed(): void;
}

export interface PlaceRequest {
  readonly sid: string;
  readonly ticket: string;
  readonly target: Target;
  readonly compat: string;
  readonly options: Record<string, unknown>;
  /** The player's round trip to this edge. */
  readonly rtt: RoundTrip;
}
