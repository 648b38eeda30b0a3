/**
 * What one viewer sees: for each cell in reach the chain that it wants and the chain that it holds. They differ while a cell comes into view or
 * changes its rate, until a keyframe of the wanted chain was in a frame; a chain that is wanted or held is followed.
 *
 * Entries are rows of one array, by their cells' order: a room has a thousand viewers, and all of them are walked through once a tick.
 */
import { RATES, type Rate } from "@frontrow/shared/stream/layout.ts";
import { type Interest, outsideOf, type Reach, reachOf, ringOf, UNSEEN } from "./interest.ts";
import { chainId, follow, unfollow, type World } from "./world.ts";

/** Numbers of an entry: its cell; the chains that it wants and holds; its ring, or UNSEEN where it shall be forgotten. */
export const ENTRY = 4;
export const [CELL, WANTED, HELD] = [0, 1, 2] as const;
const RING = 3;
/** Instead of a chain. */
export const NONE = -1;

/** What is looked at is the middle of a square of so many to a cell's side, so that rings are not found anew for every step. */
const SQUARES = 8;
const ENTRIES_FIRST = 16;

export class Sight {
  /** ENTRY numbers each, up to `end`; another array after a look. */
  entries = new Int32Array(ENTRIES_FIRST * ENTRY);
  end = 0;
  /** Some entry wants another chain than it holds. */
  isPending = false;
  readonly #world: World;
  readonly #restless: () => void;
  readonly #square: number;
  /** The square that is looked at. */
  #column = -1;
  #row = -1;
  #slowest = 0;
  #reach: Reach;
  #spare = new Int32Array(ENTRIES_FIRST * ENTRY);
  #spareEnd = 0;

  /** `restless` is called whenever some entry wants another chain than it holds. */
  constructor(world: World, interest: Interest, restless: () => void) {
    this.#world = world;
    this.#restless = restless;
    this.#square = world.layout.cell / SQUARES;
    this.#reach = reachOf(interest, world, this.#square);
  }

  /** Of a point in steps. */
  look(x: number, y: number): void {
    const column = Math.floor(x / this.#square);
    const row = Math.floor(y / this.#square);
    if (column === this.#column && row === this.#row) return;
    this.#column = column;
    this.#row = row;
    this.#see();
  }

  widen(interest: Interest): void {
    this.#reach = reachOf(interest, this.#world, this.#square);
    if (this.#column >= 0) this.#see();
  }

  slower(rate: Rate): void {
    this.#slowest = RATES.indexOf(rate);
    for (let at = 0; at < this.end; at += ENTRY) this.#want(this.entries, at, this.entries[at + RING]!);
  }

  /** The entry at this place holds this chain from now on. */
  take(at: number, chain: number): void {
    const held = this.entries[at + HELD]!;
    if (chain !== NONE) follow(this.#world, chain);
    if (held !== NONE) unfollow(this.#world, held);
    this.entries[at + HELD] = chain;
  }

  /** Lets go of entries that are neither wanted nor held. */
  tidy(): void {
    const { entries, end } = this;
    let kept = 0;
    this.isPending = false;
    for (let at = 0; at < end; at += ENTRY) {
      const [wanted, held] = [entries[at + WANTED]!, entries[at + HELD]!];
      if (wanted !== held) this.isPending = true;
      else if (wanted === NONE) continue;
      if (kept !== at) entries.copyWithin(kept, at, at + ENTRY);
      kept += ENTRY;
    }
    this.end = kept;
    if (this.isPending) this.#restless();
  }

  holdNothing(): void {
    for (let at = 0; at < this.end; at += ENTRY) this.take(at, NONE);
    this.tidy();
  }

  close(): void {
    for (let at = 0; at < this.end; at += ENTRY) this.#want(this.entries, at, UNSEEN);
    this.holdNothing();
  }

  /** Changes what an entry wants; what it holds it follows until it has the other. */
  #want(list: Int32Array, at: number, ring: number): void {
    const before = list[at + WANTED]!;
    list[at + RING] = ring;
    const wanted = ring === UNSEEN ? NONE : chainId(this.#world, Math.max(ring, this.#slowest), list[at + CELL]!);
    if (wanted === before) return;
    if (wanted !== NONE) follow(this.#world, wanted);
    if (before !== NONE) unfollow(this.#world, before);
    list[at + WANTED] = wanted;
    this.isPending = true;
    this.#restless();
  }

  #see(): void {
    const { cell: side, columns, rows, margin, span } = this.#world.layout;
    const reach = this.#reach;
    const [x, y] = [(this.#column + 0.5) * this.#square, (this.#row + 0.5) * this.#square];
    const dx = reach.halfWidth + reach.most + margin;
    const dy = reach.halfHeight + reach.most + margin;
    const [left, right] = [
      Math.max(0, Math.floor((x - dx) / side)),
      Math.min(columns - 1, Math.floor((x + dx) / side)),
    ];
    const [top, bottom] = [Math.max(0, Math.floor((y - dy) / side)), Math.min(rows - 1, Math.floor((y + dy) / side))];
    const most = this.end + (right - left + 1) * (bottom - top + 1) * ENTRY;
    if (this.#spare.length < most) this.#spare = new Int32Array(2 * most);
    this.#spareEnd = 0;
    const { entries, end } = this;
    let at = 0;
    for (let line = top; line <= bottom; line++) {
      const outsideY = outsideOf(line * side - margin - y, span, reach.halfHeight);
      for (let place = left; place <= right; place++) {
        const cell = line * columns + place;
        while (at < end && entries[at + CELL]! < cell) at = this.#pass(at, UNSEEN);
        const isKnown = at < end && entries[at + CELL] === cell;
        const outsideX = outsideOf(place * side - margin - x, span, reach.halfWidth);
        const ring = ringOf(reach, outsideX ** 2 + outsideY ** 2, isKnown ? entries[at + RING]! : UNSEEN);
        if (isKnown) at = this.#pass(at, ring);
        else if (ring !== UNSEEN) this.#add(cell, ring);
      }
    }
    while (at < end) at = this.#pass(at, UNSEEN);
    [this.entries, this.#spare, this.end] = [this.#spare, entries, this.#spareEnd];
  }

  #add(cell: number, ring: number): void {
    const at = this.#spareEnd;
    this.#spareEnd += ENTRY;
    this.#spare[at + CELL] = cell;
    this.#spare[at + WANTED] = this.#spare[at + HELD] = NONE;
    this.#want(this.#spare, at, ring);
  }

  /** Takes an entry over into the next list; the place of the one after it. */
  #pass(at: number, ring: number): number {
    const to = this.#spareEnd;
    this.#spareEnd += ENTRY;
    for (let n = 0; n < ENTRY; n++) this.#spare[to + n] = this.entries[at + n]!;
    this.#want(this.#spare, to, ring);
    return at + ENTRY;
  }
}
