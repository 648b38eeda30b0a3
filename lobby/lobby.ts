/**
 * The lobby index of one metro: which servers live, which rooms are open, which seats are held. Four small ports over one
 * store, each for one user: the matchmaker reserves and knows its replicas, game servers keep their leases, sessions keep a
 * player single. Words that only matches need are in `match.ts`.
 *
 * Everything in it is a lease. A server that stops its heartbeats stops being offered; a hold that nobody sits in runs out;
 * an empty store refills itself from heartbeats. All times are the store's own clock (Redis `TIME`), in Unix milliseconds.
 */
import type { SignedRegistration } from "@frontrow/shared/identity/registration.ts";
import type { RoomPage } from "@frontrow/shared/protocol/words.ts";
import type { Fleet } from "./fleet.ts";
import type {
  MatchReport,
  PendingReport,
  Replacement,
  ReplaceReply,
  Replicas,
  ReportReply,
  Settlement,
  WantedRoom,
} from "./match.ts";

export type { Fleet, ServerStatus } from "./fleet.ts";
export type {
  MatchReport,
  PendingReport,
  ReplacedBecause,
  Replacement,
  ReplaceReply,
  ReplicaClaim,
  ReplicaSet,
  Replicas,
  ReportReply,
  Settlement,
  WantedRoom,
} from "./match.ts";

/** Seats wanted for one ticket, all in one room or none. */
export interface Reservation {
  /**
   * Idempotency key, at most 100 characters: asking again with it answers with the same seats and a higher generation. Of a
   * match it is the match id (`m:…`).
   */
  readonly ticket: string;
  /** 1 to 64 seats; of a match one for each player. */
  readonly seats: number;
  readonly compat: string;
  readonly target:
    | { readonly kind: "best"; readonly mode: string }
    /** As `best`, but where no open room fits, none is made: ROOM_GONE. */
    | { readonly kind: "open"; readonly mode: string }
    | { readonly kind: "new"; readonly mode: string; readonly private: boolean }
    /**
     * A fresh room for this match alone: never listed, never offered, without a code. Whoever has sat down keeps the match
     * where it is; before, it is placed again when its server is avoided or gone.
     */
    | { readonly kind: "match"; readonly mode: string }
    /** `backfill`: players for a running room, chosen by the owner of its pool; the reservation is one of a match, too. */
    | { readonly kind: "room"; readonly roomId: string; readonly backfill?: boolean | undefined }
    | { readonly kind: "code"; readonly code: string };
  /** Should a room be made: its seats, the random end of its id, and the code that it gets if it is private. */
  readonly fresh: { readonly seats: number; readonly suffix: string; readonly code: string };
  /** Servers not to be used, at most 16. */
  readonly avoid: readonly string[];
  /** Of a match: text kept with its hold for whoever settles it, at most `rosterBytes`; the first one counts. */
  readonly roster?: string | undefined;
  /** Of a match: its signed-in players. While one of them plays another match it takes no seats: SEATED. */
  readonly players?: readonly string[] | undefined;
  /** Of a match: past this, on the store's clock, no seats are taken any more; 0: no such end. */
  readonly notAfterMs?: number | undefined;
}

export interface Reserved {
  readonly kind: "RESERVED";
  readonly roomId: string;
  readonly server: string;
  readonly boot: string;
  readonly mode: string;
  /** 1 for a new hold, one more each time the same ticket asks again. */
  readonly generation: number;
  /** Whether this reservation made the room's record. */
  readonly fresh: boolean;
  /** Capacity of the room. */
  readonly capacity: number;
  readonly private: boolean;
  /** Of a private room, else empty. */
  readonly code: string;
  readonly nowMs: number;
}
export type ReserveReply =
  | Reserved
  /** No live server offers the mode and compat below its ceiling. */
  | { readonly kind: "NO_SERVER" }
  /** The mode, compat or metro is paused. */
  | { readonly kind: "PAUSED"; readonly flag: string }
  /** Of a match: it has no seats, and `notAfterMs` is past. */
  | { readonly kind: "EXPIRED" }
  /** Of a match: somebody was told that it has no seats, so it gets none. */
  | { readonly kind: "ABORTED" }
  /** Of a match: these of its players sit in another one that goes on (`LobbyIndex.playing`). Nothing is reserved. */
  | { readonly kind: "SEATED"; readonly players: readonly string[] }
  | { readonly kind: "ROOM_GONE" | "ROOM_FULL" | "ROOM_LOCKED" | "CODE_UNKNOWN" | "CODE_TAKEN" };

/** A seat that is sat in, for the player who comes back to it. */
export interface Sitting extends Omit<Reserved, "kind"> {
  readonly kind: "SITS";
  readonly ticket: string;
  readonly seat: number;
  readonly team: number | undefined;
}
export type SittingReply =
  | Sitting
  | { readonly kind: "GONE" }
  /** After a gap seats may not be known yet. */
  | { readonly kind: "WAIT"; readonly retryInMs: number };

/** A signed-in player who sits in a match. */
export interface Playing {
  readonly player: string;
  /** Sequence of the last heartbeat of the server that says so, the next but one was written after this answer; 0: not since a gap. */
  readonly seq: number;
}

/** A room for somebody who only looks on. No seat of it is held for him: its server has the last word, and the only one. */
export type WatchReply =
  | {
      readonly kind: "WATCH";
      readonly roomId: string;
      readonly server: string;
      readonly boot: string;
      readonly mode: string;
      readonly capacity: number;
      readonly private: boolean;
      readonly code: string;
      readonly nowMs: number;
    }
  /** `UNWATCHED`: it takes no spectators; `FULL`: no more, says its server's last heartbeat. */
  | { readonly kind: "ROOM_GONE" | "CODE_UNKNOWN" | "UNWATCHED" | "FULL" };

export interface LocatedRoom {
  readonly mode: string;
  readonly server: string;
  readonly boot: string;
}

export type PauseFlag = "metro" | `mode:${string}` | `compat:${string}`;

/** What the matchmaker asks of the index. Every call rejects with FrontrowError INDEX_AWAY or INDEX_BUSY within its deadline. */
export interface LobbyIndex {
  reserve(reservation: Reservation): Promise<ReserveReply>;
  /**
   * Gives back the seats of a ticket, unless somebody has sat in one: SEATED. With `seats` only those of them that are held: a
   * match's other players keep theirs; SEATED: none was, and one is sat in. GONE: there is nothing to give back.
   */
  release(ticket: string, seats?: readonly number[]): Promise<"RELEASED" | "SEATED" | "GONE">;
  /**
   * How a match ended that somebody lost sight of. Whoever asks, and whoever reserves, is told the same from then on. Its seats
   * may be on a boot that has ended since: a reservation with the same id then places it again, if nobody had sat down.
   */
  settle(match: string): Promise<Settlement>;
  /**
   * Places a match again, without the servers that refused it, where the server of `refusedIn` said itself that it let nobody in
   * (`Heartbeat.refused`, `closed`) and nobody has sat down; at most `REPLACEMENTS_MAX` times. A match that its server cut
   * (`Heartbeat.cut`) is placed again although players sat in it, and that does not count. Everybody of it who asks gets a seat in
   * the same new room.
   */
  replace(replacement: Replacement): Promise<ReplaceReply>;
  /** The registration of a server, as it was signed; undefined if there is none. */
  registration(server: string): Promise<SignedRegistration | undefined>;
  /** Where a signed-in player sits, of his seats the one where he sat down last, one generation higher. */
  seatOf(player: string): Promise<SittingReply>;
  /**
   * Those of `players` (at most 64) who sit in a match that goes on: on a live server that has not cut it, in a room that is not
   * over and whose result was not reported. Seats of fill modes do not count. Servers say it with their heartbeats, so it may be a
   * moment late.
   */
  playing(players: readonly string[]): Promise<Playing[]>;
  /** Where a room is, of those that the index knows; whether its server lives is not asked. */
  locate(roomId: string): Promise<LocatedRoom | undefined>;
  /** A room to look on in, by its id or the code of a private one; of a server that lives, with builds that fit. */
  watch(target: { readonly roomId: string } | { readonly code: string }, compat: string): Promise<WatchReply>;
  /** Public rooms of a mode, in order of their ids, from after `after` on; `watchable`: those that take spectators instead, matches among them. */
  listRooms(query: {
    mode: string;
    after?: string | undefined;
    limit: number;
    watchable?: boolean | undefined;
  }): Promise<RoomPage>;
  /** Rooms of a mode that want players, on live servers, at most 256. */
  listWanted(mode: string): Promise<WantedRoom[]>;
  /** Pending results, the oldest first. Each is given at least once: again after `reportRetryMs`, until it is done with. */
  takeReports(max: number): Promise<PendingReport[]>;
  doneReports(ids: readonly string[]): Promise<void>;
  setPaused(flag: PauseFlag, paused: boolean): Promise<void>;
  isPaused(flag: PauseFlag): Promise<boolean>;
}

/** A room as its server publishes it: always the absolute truth, never a difference. */
export interface RoomReport {
  readonly roomId: string;
  readonly mode: string;
  readonly compat: string;
  readonly capacity: number;
  readonly seated: number;
  readonly locked: boolean;
  readonly private: boolean;
  /** Of a private room, else empty. */
  readonly code: string;
  /** JSON text, at most `roomMetadataBytes`. */
  readonly metadata: string;
  /** A room made for a match; said by its server so that an index that lost everything keeps others out of it. */
  readonly match?: boolean | undefined;
  /** Free places for spectators, of a room that takes some; `listed`: for everybody to find. */
  readonly watch?: { readonly free: number; readonly listed: boolean } | undefined;
  /** Free seats for which it wants players, by team; none when absent or empty. */
  readonly wanted?: readonly number[] | undefined;
  /** Of a room that wants players: JSON text about those who are there, for whoever looks for others. At most `COMPANY_BYTES_MAX`. */
  readonly company?: string | undefined;
}
/** One seat of a ticket. */
export interface SeatRef {
  readonly ticket: string;
  readonly seat: number;
  /** Whoever sits there, or did; absent for a guest, who is nobody on the next visit. At most 128 characters. */
  readonly player?: string | undefined;
  /** In a room that was made for a match. */
  readonly match?: boolean | undefined;
}
/**
 * A seat of a live token that its server let nobody sit in, because the room could not be made or had no place. A server that says
 * so lets nobody of a match in for that room from then on, so that the match can be placed again.
 */
export interface RefusedSeat {
  readonly ticket: string;
  readonly roomId: string;
}
/**
 * A seat that is sat in. With its room and the generation that sat down an index that lost everything learns the seat anew,
 * so that asking again still answers with it; without them such an index forgets the seat.
 */
export interface SatSeat extends SeatRef {
  readonly roomId?: string;
  readonly generation?: number;
  /** Of a mode with teams. */
  readonly team?: number | undefined;
}
export interface Heartbeat {
  readonly server: string;
  readonly boot: string;
  /** Goes up by at least one each time; an older one changes nothing. */
  readonly seq: number;
  /** 0 idle to 1 at its ceiling: no new rooms. Max of seats used and tick p99 over budget. */
  readonly load: number;
  /** Rooms that changed, at most `roomsPerHeartbeat`. */
  readonly rooms: readonly RoomReport[];
  /** Set on the last of the heartbeats that together publish every room. */
  readonly complete: boolean;
  /**
   * Seats sat in since the last answered heartbeat (said again until answered), and places left for good. Heartbeats that
   * publish a room for a complete publication say all of its sat seats again: that keeps them known (`roomForgottenMs`).
   */
  readonly sat: readonly SatSeat[];
  readonly left: readonly SeatRef[];
  /** Refused since the last answered heartbeat, at most `roomsPerHeartbeat`; nobody of a match named here had sat down. */
  readonly refused?: readonly RefusedSeat[];
  /** Matches that the server has ended before their end, because it leaves: whoever sat in them may be placed again. */
  readonly cut?: readonly RefusedSeat[];
  /** Nobody sits down on this boot any more. */
  readonly closed?: boolean;
  /** Of a draining server: what is left of its rooms is ended in so many ms. */
  readonly leavesInMs?: number | undefined;
  /** Empty rooms that the server would end: answered in `retired` where no seat is held any more, from then on unlisted. */
  readonly retire: readonly string[];
  /** Rooms that are over. */
  readonly gone: readonly string[];
}
export type HeartbeatReply =
  | {
      readonly kind: "ALIVE";
      readonly nowMs: number;
      readonly retired: readonly string[];
      /** Publish every room, after this many ms (0: at once); -1: the index knows them all. */
      readonly republishInMs: number;
      /** It was asked to leave, or said so itself. */
      readonly draining: boolean;
    }
  /** The index lost this server (or never knew it): register, then publish everything. */
  | { readonly kind: "UNKNOWN_SERVER"; readonly nowMs: number }
  /** A newer boot or sequence was seen; nothing changed. */
  | { readonly kind: "STALE"; readonly nowMs: number };

export interface ServerOffer {
  readonly server: string;
  readonly boot: string;
  readonly registration: SignedRegistration;
  /** Modes and compats that it can run, at most 64 pairs together. */
  readonly modes: readonly string[];
  readonly compats: readonly string[];
  /** Seats at which it is full. */
  readonly seatsMax: number;
}

/** What a game server asks of the index. */
export interface ServerLeases {
  /** Takes the lease and ends every room of an earlier boot. */
  register(offer: ServerOffer): Promise<{ nowMs: number }>;
  heartbeat(beat: Heartbeat): Promise<HeartbeatReply>;
  /** No new reservations from this moment on; the lease and earlier holds stay. To be said again after UNKNOWN_SERVER. */
  drain(server: string, boot: string): Promise<void>;
  /** Keeps the result of a match for the matchmaker, once a match. */
  report(result: MatchReport): Promise<ReportReply>;
}

/** One session record a player: the newest session wins. */
export interface SessionRecords {
  /**
   * Makes `owner` (an edge session) the player's only one, unless the present one opened later: a claim may come late, after
   * the store was away. `ageMs` is how long ago the session opened. Who loses is told through `onSuperseded`, or by `isNewest`.
   */
  claim(player: string, owner: string, ageMs: number): Promise<{ generation: number; isNewest: boolean }>;
  /** Ends the record unless somebody newer owns it. */
  end(player: string, owner: string): Promise<void>;
  /** Called with the owner that lost its player, on every matchmaker of the metro. Returns an unsubscribe. */
  onSuperseded(told: (loser: { player: string; owner: string }) => void): () => void;
}

export interface Lobby {
  readonly index: LobbyIndex;
  readonly leases: ServerLeases;
  readonly sessions: SessionRecords;
  readonly replicas: Replicas;
  readonly fleet: Fleet;
  /** Whether the store answered lately. */
  healthy(): boolean;
  close(): Promise<void>;
}
