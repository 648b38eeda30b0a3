/** What an embedding server says and hears. */
import type { Lobby } from "@frontrow/lobby/lobby.ts";
import type { Clock } from "@frontrow/shared/clock.ts";
import type { MatchMode } from "@frontrow/shared/config/match-mode.ts";
import type { FrontrowConfig, OptionsOf } from "@frontrow/shared/config/modes.ts";
import type { FrontrowError } from "@frontrow/shared/errors.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import type { MatchQuality } from "../pool/words.ts";
import type { LeaderboardEntry } from "../rating/leaderboard.ts";
import type { LeaderboardQuery, MatchResult, RatingStore } from "../rating/rating-store.ts";
import type { TicketNews } from "./desk-ticket.ts";
import type { FoundMatch, MatchPlayer, PlaceHook } from "./place-hook.ts";
import type { Submission } from "./submission.ts";

export type Modes = Readonly<Record<string, MatchMode>>;

export interface MatchmakerOptions<M extends Modes, Connection> {
  readonly modes: M;
  /** Where the players of a match connect; without it matches are only announced. */
  readonly place?: PlaceHook<Connection> | undefined;
  /** Longest time of one `place`, ms; 10,000 unless given. */
  readonly placeMs?: number | undefined;
  /** Instead of `place`: seats in rooms of Frontrow's game servers, which find this process through the same lobby index. */
  readonly gameServers?: GameServers | undefined;
  /** In memory unless given. Who gives one closes it. */
  readonly ratings?: RatingStore | undefined;
  readonly limits?: Partial<Limits> | undefined;
  /** The metro of tickets that name none: 3 to 8 small letters; `local` unless given. */
  readonly metro?: string | undefined;
  readonly clock?: Clock | undefined;
  /** Who may use `fetch`, as entries that `frontrow keys --api` prints; nobody unless given. */
  readonly apiKeys?: readonly string[] | undefined;
}

export interface GameServers {
  /** The metro's lobby index. Who gives it closes it. */
  readonly lobby: Lobby;
  /** The metro's X25519 key, as `frontrow keys` prints it. */
  readonly issuerKey: string;
  /** Public fleet keys whose servers are believed; empty believes all. */
  readonly fleetKeys: readonly string[];
}

export interface Match<Connection> extends Omit<FoundMatch, "teams"> {
  readonly teams: readonly (readonly (MatchPlayer & { readonly connection: Connection })[])[];
  /** Why these players, why this metro, which rule had widened. */
  readonly why: readonly string[];
  readonly quality: MatchQuality;
}

export interface Ticket<Connection> {
  readonly id: string;
  readonly mode: string;
  readonly playerIds: readonly string[];
  readonly news: TicketNews;
  /** Rejects with FrontrowError: MATCH_TIMEOUT, CANCELLED, DECLINED, BARRED, SUPERSEDED, POOL_FULL. Nobody has to look. */
  readonly matched: Promise<Match<Connection>>;
  cancel(): void;
  /** The party's word on a ready check; throws NOT_ASKED unless there is one. */
  ready(yes: boolean): void;
}

export interface MatchmakerEvents<Connection> {
  match: Match<Connection>;
  /** Whenever a ticket stands otherwise; `error` when it ended without a match. */
  ticket: { readonly ticket: Ticket<Connection>; readonly news: TicketNews; readonly error?: FrontrowError };
  /** A hook or a listener threw, or the ratings did. To the console where nobody listens. */
  error: unknown;
}

type ConfigOf<M extends Modes> = FrontrowConfig<{ [N in keyof M & string]: M[N] }, unknown>;

export interface Matchmaker<M extends Modes, Connection> {
  /** Throws FrontrowError for a wish that is none: UNKNOWN_MODE, BAD_REQUEST, INVALID_ATTRIBUTES, NO_METRO. */
  submit<N extends keyof M & string>(submission: Submission<N, OptionsOf<ConfigOf<M>, N>>): Ticket<Connection>;
  /** False: no ticket of this id waits. */
  cancel(id: string): boolean;
  find(id: string): Ticket<Connection> | undefined;
  on<Name extends keyof MatchmakerEvents<Connection>>(
    name: Name,
    listener: (event: MatchmakerEvents<Connection>[Name]) => void,
  ): () => void;
  /** What keeps a ticket waiting, sentence by sentence; undefined for one that does not. */
  explain(id: string): string[] | undefined;
  stats(): MatchmakerStats;
  /** The result of a match, once; then its players' ratings change. */
  report(result: MatchResult): ReturnType<RatingStore["apply"]>;
  leaderboard(query: LeaderboardQuery): Promise<LeaderboardEntry[]>;
  /** While a mode is paused its tickets wait, and nobody is placed. */
  setPaused(mode: keyof M & string, paused: boolean): Promise<void>;
  /** The HTTP API (`docs/http-api.md`) as a Web-standard handler. */
  fetch(request: Request): Promise<Response>;
  /** Ends every ticket with CANCELLED. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface MatchmakerStats {
  readonly tickets: number;
  /** Matches between proposal and seats. */
  readonly matchesInFlight: number;
  readonly pools: readonly {
    readonly mode: string;
    readonly compat: string;
    readonly tickets: number;
    readonly players: number;
    readonly waitMs: number | undefined;
  }[];
}
