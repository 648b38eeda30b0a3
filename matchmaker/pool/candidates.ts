/**
 * Who could play with whoever looks: scratch space of a search, nearest first, in columns. Number 0 is the one who looks when that is
 * a ticket; a running room that looks is no candidate itself. Dimension 0 is skill, the others are the mode's ranges: a set of
 * tickets agrees when in every dimension its highest less its lowest is within the narrowest window of anybody in it.
 */

/** Candidates for teams up to `SEATS_EXACT_MAX` seats: more improves the spread no more (HOTPATHS.md B); sets of them are bit masks. */
export const FEW_MAX = 28;
/** Candidates for larger ones. */
export const MANY_MAX = 128;

export interface Candidates {
  /** The columns' stride: one dimension after the other. */
  readonly max: number;
  readonly dimensions: number;
  count: number;
  /**
   * Gathered by rating alone, so that only the records of those who are tried are touched: `judge(i)` fills in the columns of candidate
   * `i`, after those before it, and says whether the two sides accept each other. False: all are judged.
   */
  isUnjudged: boolean;
  judge(i: number): boolean;
  /** Players of all, once they are judged. */
  players: number;
  readonly slots: Int32Array;
  readonly distances: Float64Array;
  readonly sizes: Int32Array;
  readonly lowest: Float64Array;
  readonly highest: Float64Array;
  readonly windows: Float64Array;
  /** 1: lets the match start with fewer players. */
  readonly mayStart: Uint8Array;
  /** Who may not be with it, as a mask; only of the first 32. */
  readonly conflicts: Int32Array;
  /** Players' role masks, only of modes with roles. */
  readonly masks: (readonly number[])[];
}

export function createCandidates(max: number, dimensions: number): Candidates {
  return {
    max,
    dimensions,
    count: 0,
    isUnjudged: false,
    judge: () => true,
    players: 0,
    slots: new Int32Array(max),
    distances: new Float64Array(max),
    sizes: new Int32Array(max),
    lowest: new Float64Array(max * dimensions),
    highest: new Float64Array(max * dimensions),
    windows: new Float64Array(max * dimensions),
    mayStart: new Uint8Array(max),
    conflicts: new Int32Array(max),
    masks: [],
  };
}

/** What a search is for. */
export interface Goal {
  /** Seats to be had, by team; all seats but for a running room. */
  readonly free: Int32Array;
  /** Whose number 0 must be in it. */
  hasAnchor: boolean;
  /** Any number of players will do: a running room's seats, or bots take the rest. */
  anyNumber: boolean;
  /** So many players will do once one of them has waited long enough; 0: never. */
  playersMin: number;
  /** Somebody whose roles are not known may take what the roles lack: bots, or who is in the room. */
  rolesLax: boolean;
  /** Of the room or ticket that looks, by dimension; the start of every set. */
  readonly lowest: Float64Array;
  readonly highest: Float64Array;
  readonly windows: Float64Array;
}

/** Candidates that were chosen, with a team each. */
export interface Choice {
  count: number;
  readonly members: Int32Array;
  readonly teams: Int32Array;
}
