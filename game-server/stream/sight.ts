/**
 * What one viewer sees: for each cell in reach the chain that it wants and the chain that it holds. They differ while a cell comes into view or
 * changes its rate, until a keyframe of the wanted chain was in a frame; a chain that is wanted or held is followed.
 */
import { RATES, type Rate } from "@frontrow/shared/stream/layout.ts";
import { type Interest, type Reach, reachOf, ringOf, UNSEEN } from "./interest.ts";
import { type Chain, follow, unfollow, type World } from "./world.ts";

export interface Entry {
  cell: number;
  /** 0 to 2, or UNSEEN: to be forgotten. */
  ring: number;
  wanted: Chain | undefined;
  held: Chain | undefined;
}

export interface Sight {
  /** In the order of cells, row by row. */
  readonly entries: readonly Entry[];
  /** Some entry wants another chain than it holds. */
  readonly isPending: boolean;
  /** Of a point in steps. */
  look(x: number, y: number): void;
  widen(interest: Interest): void;
  slower(rate: Rate): void;
  /** The entry holds this chain from now on. */
  take(entry: Entry, chain: Chain | undefined): void;
  /** Lets go of entries that are neither wanted nor held. */
  tidy(): void;
  holdNothing(): void;
  close(): void;
}

/** What is looked at is the middle of a square of so many to a cell's side, so that rings are not found anew for every step. */
const SQUARES = 8;

/** `restless` is called whenever some entry wants another chain than it holds. */
export function createSight(world: World, first: Interest, restless: () => void): Sight {
  const { cell: side, columns, rows, margin } = world.layout;
  const square = side / SQUARES;
  let reach: Reach = reachOf(first, world, square);
  let entries: Entry[] = [];
  let spare: Entry[] = [];
  const pool: Entry[] = [];
  let column = -1;
  let row = -1;
  let slowest = 0;
  let isPending = false;

  /** Changes what an entry wants; what it holds it follows until it has the other. */
  function want(entry: Entry, ring: number): void {
    const wanted = ring === UNSEEN ? UNSEEN : Math.max(ring, slowest);
    const before = entry.wanted;
    entry.ring = ring;
    if ((before ? before.ring : UNSEEN) === wanted) return;
    entry.wanted = wanted === UNSEEN ? undefined : follow(world, entry.cell, wanted);
    if (before) unfollow(world, before);
    isPending = true;
    restless();
  }

  function add(cell: number, ring: number): Entry {
    const entry = pool.pop() ?? { cell, ring: UNSEEN, wanted: undefined, held: undefined };
    entry.cell = cell;
    want(entry, ring);
    return entry;
  }

  function see(): void {
    if (column < 0) return;
    const x = (column + 0.5) * square;
    const y = (row + 0.5) * square;
    const dx = reach.halfWidth + reach.most + margin;
    const dy = reach.halfHeight + reach.most + margin;
    const left = Math.max(0, Math.floor((x - dx) / side));
    const right = Math.min(columns - 1, Math.floor((x + dx) / side));
    const bottom = Math.min(rows - 1, Math.floor((y + dy) / side));
    const seen = spare;
    seen.length = 0;
    let at = 0;
    for (let line = Math.max(0, Math.floor((y - dy) / side)); line <= bottom; line++) {
      for (let cell = line * columns + left; cell <= line * columns + right; cell++) {
        while (at < entries.length && entries[at]!.cell < cell) at = keepForgetting(at, seen);
        const known = at < entries.length && entries[at]!.cell === cell ? entries[at++]! : undefined;
        const ring = ringOf(world, reach, cell, x, y, known ? known.ring : UNSEEN);
        if (known) {
          want(known, ring);
          seen.push(known);
        } else if (ring !== UNSEEN) seen.push(add(cell, ring));
      }
    }
    while (at < entries.length) at = keepForgetting(at, seen);
    spare = entries;
    entries = seen;
  }

  function keepForgetting(at: number, seen: Entry[]): number {
    const entry = entries[at]!;
    want(entry, UNSEEN);
    seen.push(entry);
    return at + 1;
  }

  function take(entry: Entry, chain: Chain | undefined): void {
    if (chain) follow(world, chain.cell, chain.ring);
    if (entry.held) unfollow(world, entry.held);
    entry.held = chain;
  }

  function tidy(): void {
    let kept = 0;
    isPending = false;
    for (let at = 0; at < entries.length; at++) {
      const entry = entries[at]!;
      if (!entry.wanted && !entry.held) pool.push(entry);
      else entries[kept++] = entry;
      if (entry.wanted !== entry.held) isPending = true;
    }
    entries.length = kept;
    if (isPending) restless();
  }

  function holdNothing(): void {
    for (const entry of entries) take(entry, undefined);
    tidy();
  }

  return {
    get entries() {
      return entries;
    },
    get isPending() {
      return isPending;
    },
    look(x, y) {
      const toColumn = Math.floor(x / square);
      const toRow = Math.floor(y / square);
      if (toColumn === column && toRow === row) return;
      column = toColumn;
      row = toRow;
      see();
    },
    widen(interest) {
      reach = reachOf(interest, world, square);
      see();
    },
    slower(rate) {
      slowest = RATES.indexOf(rate);
      for (const entry of entries) want(entry, entry.ring);
    },
    take,
    tidy,
    holdNothing,
    close() {
      for (const entry of entries) want(entry, UNSEEN);
      holdNothing();
    },
  };
}
