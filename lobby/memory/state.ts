/**
 * What the memory twin remembers: the same records as `redis/keys.ts` lists, as plain objects. Everything but the pauses
 * and the gap counter is a lease and ends by itself.
 */
import type { SignedRegistration } from "@frontrow/shared/identity/registration.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import type { PauseFlag, ReplacedBecause } from "../lobby.ts";
import { createExpiringMap, type ExpiringMap } from "./expiring-map.ts";
import { createRanked, type Ranked } from "./ranked.ts";

export interface ServerRecord {
  readonly server: string;
  readonly boot: string;
  readonly registration: SignedRegistration;
  readonly modes: readonly string[];
  readonly compats: readonly string[];
  readonly seatsMax: number;
  seq: number;
  leaseUntilMs: number;
  /** Gap counter when the lease was last renewed; a lease from before a gap is worth one lease of grace. */
  leaseGap: number;
  draining: boolean;
  load: number;
  /** Nobody sits down on it any more. */
  closed: boolean;
  /** When it ends what is left of its rooms; undefined: it has not said that it leaves. */
  leavesAtMs: number | undefined;
  /** Modes whose rooms failed on it lately. */
  readonly failing: Map<string, FailingMode>;
  /** Seats held on it that nobody sits in yet. */
  held: number;
  /** A complete publication is due at once: it is new here, or its lease had lapsed. */
  missing: boolean;
  /** A room was published since the last complete publication that may not be offered yet. */
  withheld: boolean;
  /** Gap after which all of its rooms are known and offered again. */
  settledGap: number;
  readonly rooms: Set<string>;
}

export interface FailingMode {
  readonly untilMs: number;
  /** New rooms that it was given since. */
  placements: number;
}

export interface RoomRecord {
  readonly roomId: string;
  readonly server: string;
  readonly boot: string;
  readonly mode: string;
  readonly compat: string;
  capacity: number;
  seated: number;
  held: number;
  locked: boolean;
  readonly private: boolean;
  readonly code: string;
  metadata: string;
  /** Made for one match: nobody else comes in. */
  readonly match: boolean;
  /** Free seats for which it wants players, by team. */
  readonly wanted: readonly number[];
  /** What its server says of those who are there. */
  readonly company: string;
  /** Free places for spectators; -1: it takes none. */
  readonly watch: number;
  /** Its server has published it; until then it lives only as long as its holds. */
  confirmed: boolean;
  /** Its match's result was reported. */
  finished: boolean;
  /** Gap counter since which every reservation on it is known. */
  gap: number;
}

export interface HoldRecord {
  readonly ticket: string;
  readonly roomId: string;
  readonly server: string;
  readonly boot: string;
  readonly fresh: boolean;
  generation: number;
  /** One letter a seat: `.` held, `s` sat in, `x` run out or given back before anybody sat down, `l` left. */
  seats: string;
  /** Of a match: who plays, and what is told of its room once that is forgotten. */
  readonly match: MatchHold | undefined;
}

/** Where a player sits. */
export interface SitterRecord {
  readonly ticket: string;
  readonly seat: number;
  readonly team: number | undefined;
}

/** The seat of a match that a player sits in. */
export interface PlayingRecord {
  readonly ticket: string;
  readonly seat: number;
  readonly roomId: string;
  /** Gap counter when its server said so. */
  readonly gap: number;
}

export interface MatchHold {
  readonly mode: string;
  readonly capacity: number;
  readonly compat: string;
  readonly roster: string;
  /** Its server let nobody in. */
  isRefused: boolean;
  /** Its server ended it before its end. */
  isCut: boolean;
  /** Servers that refused it in its earlier rooms. */
  shunned: readonly string[];
  /** Why it is not in the room before this one. */
  why: ReplacedBecause | undefined;
}

/** A lease from before a gap is worth one lease of grace. */
export interface LeaseRecord {
  readonly leaseUntilMs: number;
  readonly leaseGap: number;
}

export interface LobbyState {
  readonly metro: string;
  readonly limits: Limits;
  readonly nowMs: () => number;
  /** The clock when the index was last asked anything; undefined: never. */
  clockMs: number | undefined;
  gap: number;
  gapAtMs: number;
  readonly paused: Set<PauseFlag>;
  readonly servers: ExpiringMap<ServerRecord>;
  readonly rooms: ExpiringMap<RoomRecord>;
  readonly codes: ExpiringMap<string>;
  readonly holds: ExpiringMap<HoldRecord>;
  /** Signed-in players who sit somewhere. */
  readonly sitters: ExpiringMap<SitterRecord>;
  /** Those of them who sat down in a match. */
  readonly playing: ExpiringMap<PlayingRecord>;
  /** When a hold with `.` seats runs out, by ticket. */
  readonly holdsDue: Ranked;
  /** Free seats by room, for each mode and compat; of the current gap only. */
  readonly open: Map<string, Ranked>;
  /** Load by server, for each mode and compat. */
  readonly load: Map<string, Ranked>;
  /** Public rooms by mode. */
  readonly listed: Map<string, Set<string>>;
  /** Rooms that take spectators and are for everybody to find, by mode. */
  readonly watchable: Map<string, Set<string>>;
  /** Rooms that want players, by mode. */
  readonly wanted: Map<string, Set<string>>;
  /** Matches that got no seats and never will. */
  readonly aborted: ExpiringMap<true>;
  readonly replicas: Map<string, LeaseRecord>;
  /** Of the replica set; never goes down. */
  epoch: number;
  /** Results of matches as text; empty once somebody is done with one. */
  readonly reports: ExpiringMap<string>;
  /** When a report may be taken, by match. */
  readonly reportsDue: Ranked;
  reportsDropped: number;
}

export function createState(metro: string, limits: Limits, nowMs: () => number): LobbyState {
  return {
    metro,
    limits,
    nowMs,
    clockMs: undefined,
    gap: 0,
    gapAtMs: 0,
    paused: new Set(),
    servers: createExpiringMap(nowMs),
    rooms: createExpiringMap(nowMs),
    codes: createExpiringMap(nowMs),
    holds: createExpiringMap(nowMs),
    sitters: createExpiringMap(nowMs),
    playing: createExpiringMap(nowMs),
    holdsDue: createRanked(),
    open: new Map(),
    load: new Map(),
    listed: new Map(),
    watchable: new Map(),
    wanted: new Map(),
    aborted: createExpiringMap(nowMs),
    replicas: new Map(),
    epoch: 0,
    reports: createExpiringMap(nowMs),
    reportsDue: createRanked(),
    reportsDropped: 0,
  };
}

/** The inner collection of `key`, made when it is first asked for. */
export function inner<V>(outer: Map<string, V>, key: string, make: () => V): V {
  const found = outer.get(key) ?? make();
  outer.set(key, found);
  return found;
}

export const pairOf = (mode: string, compat: string) => `${mode}:${compat}`;
