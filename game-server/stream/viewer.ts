/**
 * One client's view: which chains it follows, which cells it holds, and its frames. A frame is the slices of its cells that this step wrote,
 * put one after another: deltas of what it holds, a keyframe of what it does not hold yet, a word for what it shall forget.
 *
 * Nothing is ever missing from a chain silently: a viewer whose frame was not taken in one step holds nothing from then on, and its
 * next frame is a fresh one.
 */
import { FORMAT_VERSION, FRAME, RATES, type Rate, SLICE, SLOWEST } from "@frontrow/shared/stream/layout.ts";
import { stepsOf } from "./grid.ts";
import { type Interest, reachOf, ringOf, UNSEEN } from "./interest.ts";
import { type Chain, follow, type Slice, unfollow, type World } from "./world.ts";

export interface Viewer {
  /** Where its middle is, in the game's unit. Before the first look it sees nothing. */
  look(x: number, y: number): void;
  /** Sees this from now on: a spectator more than a player, say. */
  widen(interest: Interest): void;
  /**
   * What this step has for it; undefined: nothing. The frame stands in `out` from `head` on, which is replaced by a larger array where it
   * is too small; the first `head` bytes are kept. Good for one call a step.
   */
  frame(out: Uint8Array, head?: number): Uint8Array | undefined;
  /** From now on no cell steps faster than this; 1 lifts it. Cells change over one by one, by keyframes. */
  slower(rate: Rate): void;
  /** Holds nothing any more: its next frame is fresh. */
  restart(): void;
  close(): void;
  /** Cells that it holds. */
  readonly held: readonly number[];
}

export interface Seat {
  readonly viewer: Viewer;
  /** Before a step is encoded: says what it will need. */
  prepare(): void;
}

interface Entry {
  cell: number;
  /** 0 to 2, or UNSEEN: to be forgotten. */
  ring: number;
  wanted: Chain | undefined;
  held: Chain | undefined;
}

/** Checksums about once a second at 20 ticks: every fifth step of the slowest rate, at which all chains are due and nothing lags. */
const CHECKSUM_EVERY = 5;
/** Version, tick, fingerprint, checksum. */
const HEAD_BYTES_MAX = 16;
/** Looking again moves rings only after an eighth of a cell. */
const LOOK_FINENESS = 8;

export function createSeat(world: World, number: number, first: Interest, closed: () => void): Seat {
  const { layout } = world;
  let reach = reachOf(first, world);
  let entries: Entry[] = [];
  let spare: Entry[] = [];
  const pool: Entry[] = [];
  let [x, y, lookedX, lookedY] = [-1, -1, -1, -1];
  let slowest = 0;
  let [isFresh, isAsking, isOpen, isPending] = [true, true, true, false];
  let takenAt = world.step;

  function entryOf(cell: number, ring: number): Entry {
    const entry = pool.pop() ?? { cell, ring, wanted: undefined, held: undefined };
    entry.cell = cell;
    entry.ring = UNSEEN;
    turn(entry, ring);
    return entry;
  }

  /** Changes what an entry wants; what it holds it follows until it has the other. */
  function turn(entry: Entry, ring: number): void {
    const wanted = ring === UNSEEN ? UNSEEN : Math.max(ring, slowest);
    const before = entry.wanted;
    entry.ring = ring;
    if (before?.ring === wanted) return;
    entry.wanted = wanted === UNSEEN ? undefined : follow(world, entry.cell, wanted);
    if (before) unfollow(world, before);
    isPending = true;
  }

  function release(entry: Entry): void {
    if (entry.held) unfollow(world, entry.held);
    entry.held = undefined;
  }

  /** Both lists are in the order of cells, row by row. */
  function see(): void {
    if (x < 0) return;
    const { cell: side, columns, rows, margin } = layout;
    const far = (half: number) => half + reach.most + margin;
    const [dx, dy] = [far(reach.halfWidth), far(reach.halfHeight)];
    const left = Math.max(0, Math.floor((x - dx) / side));
    const right = Math.min(columns - 1, Math.floor((x + dx) / side));
    const bottom = Math.min(rows - 1, Math.floor((y + dy) / side));
    const seen = spare;
    seen.length = 0;
    let at = 0;
    for (let row = Math.max(0, Math.floor((y - dy) / side)); row <= bottom; row++) {
      for (let cell = row * columns + left; cell <= row * columns + right; cell++) {
        while (at < entries.length && entries[at]!.cell < cell) keepForgetting(entries[at++]!, seen);
        const known = entries[at]?.cell === cell ? entries[at++] : undefined;
        const ring = ringOf(world, reach, cell, x, y, known?.ring ?? UNSEEN);
        if (known) {
          turn(known, ring);
          seen.push(known);
        } else if (ring !== UNSEEN) seen.push(entryOf(cell, ring));
      }
    }
    while (at < entries.length) keepForgetting(entries[at++]!, seen);
    spare = entries;
    entries = seen;
  }

  function keepForgetting(entry: Entry, seen: Entry[]): void {
    turn(entry, UNSEEN);
    seen.push(entry);
  }

  /** Entries that are neither wanted nor held are done with. */
  function tidy(): void {
    let kept = 0;
    isPending = false;
    for (const entry of entries) {
      if (!entry.wanted && !entry.held) pool.push(entry);
      else entries[kept++] = entry;
      if (entry.wanted !== entry.held) isPending = true;
    }
    entries.length = kept;
  }

  function lose(): void {
    for (const entry of entries) release(entry);
    isFresh = true;
    tidy();
  }

  /** A cell changes its chain only where both are due, so that no event is told twice or never. */
  const canTurn = ({ wanted, held }: Entry) =>
    wanted !== undefined && world.step % Math.max(wanted.rate, held?.rate ?? 1) === 0;
  const isChecksumDue = () => {
    const { step } = world;
    return step % SLOWEST === 0 && (step / SLOWEST) % CHECKSUM_EVERY === number % CHECKSUM_EVERY;
  };

  let out: Uint8Array = new Uint8Array(0);
  let end = 0;

  function room(bytes: number): void {
    if (end + bytes <= out.length) return;
    const larger = new Uint8Array(2 * (end + bytes));
    larger.set(out.subarray(0, end));
    out = larger;
  }

  function append(slice: Slice): void {
    if (slice.step !== world.step) return;
    room(slice.end - slice.at);
    const from = world.writer.bytes;
    for (let at = slice.at; at < slice.end; at++) out[end++] = from[at]!;
  }

  function varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      out[end++] = (rest & 0x7f) | 0x80;
      rest = Math.floor(rest / 128);
    }
    out[end++] = rest;
  }

  function uint32(value: number): void {
    for (let shift = 0; shift < 32; shift += 8) out[end++] = value >>> shift;
  }

  /** Of what it holds once this frame is read; undefined where a look after the encoding changed what that is. */
  function checksum(): number | undefined {
    let sum = 0;
    for (const { wanted, held } of entries) {
      const holds = wanted && wanted.keyframe.step === world.step ? wanted : held;
      if (!wanted || !holds) continue;
      if (holds.checksumAt < 0) return undefined;
      sum = (sum + holds.checksum) | 0;
    }
    return sum;
  }

  function body(): void {
    for (let at = 0; at < entries.length; at++) {
      const entry = entries[at]!;
      const { wanted, held } = entry;
      if (!wanted && !held) continue;
      if (!wanted) {
        room(8);
        varint(entry.cell * 4 + SLICE.forget);
        release(entry);
      } else if (wanted !== held && wanted.keyframe.step === world.step && canTurn(entry)) {
        append(wanted.keyframe);
        append((held ?? wanted).events);
        release(entry);
        follow(world, entry.cell, wanted.ring);
        entry.held = wanted;
      } else if (held) {
        append(held.delta);
        append(held.events);
      }
    }
    if (isPending) tidy();
  }

  const viewer: Viewer = {
    look(toX, toY) {
      x = stepsOf(toX, 1 / layout.step, layout.maxX);
      y = stepsOf(toY, 1 / layout.step, layout.maxY);
      const fine = layout.cell / LOOK_FINENESS;
      const [atX, atY] = [Math.floor(x / fine), Math.floor(y / fine)];
      if (!isOpen || (atX === lookedX && atY === lookedY)) return;
      lookedX = atX;
      lookedY = atY;
      see();
    },
    widen(interest) {
      reach = reachOf(interest, world);
      if (isOpen) see();
    },
    slower(rate) {
      slowest = RATES.indexOf(rate);
      if (isOpen) for (const entry of entries) turn(entry, entry.ring);
    },
    restart() {
      if (!isOpen) return;
      lose();
      isAsking = true;
      takenAt = world.step;
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      for (const entry of entries) turn(entry, UNSEEN);
      lose();
      closed();
    },
    frame(into, head = 0) {
      if (!isOpen || takenAt === world.step) return undefined;
      const hasMissed = takenAt !== world.step - 1;
      takenAt = world.step;
      if (hasMissed) lose();
      if (hasMissed || !isAsking) {
        isAsking = true;
        return undefined;
      }
      return write(into, head);
    },
    get held() {
      return entries.flatMap(({ cell, held }) => (held ? cell : []));
    },
  };

  function write(into: Uint8Array, head: number): Uint8Array | undefined {
    out = into;
    end = head;
    room(HEAD_BYTES_MAX);
    const sum = isChecksumDue() ? checksum() : undefined;
    const hasChecksum = sum !== undefined;
    out[end++] =
      (FORMAT_VERSION << 4) |
      (isFresh ? FRAME.fresh : 0) |
      (hasChecksum ? FRAME.checksum : 0) |
      (world.step % SLOWEST === 0 ? FRAME.settled : 0);
    if (isFresh) uint32(layout.fingerprint);
    varint(world.tick);
    if (hasChecksum) uint32(sum);
    const start = end;
    body();
    const saysNothing = end === start && (isFresh || !hasChecksum);
    const written = saysNothing ? undefined : out.subarray(0, end);
    if (written) isFresh = false;
    out = into;
    return written;
  }

  function prepare(): void {
    const { step } = world;
    if (takenAt !== step - 1) {
      if (!isFresh) lose();
      isAsking = false;
    }
    if (!isAsking) return;
    const hasChecksum = isChecksumDue();
    if (!isPending && !hasChecksum) return;
    for (let at = 0; at < entries.length; at++) {
      const entry = entries[at]!;
      const { wanted, held } = entry;
      if (wanted !== held && canTurn(entry)) wanted!.keyframeFor = step;
      if (!hasChecksum) continue;
      if (wanted) wanted.checksumFor = step;
      if (held) held.checksumFor = step;
    }
  }

  return { viewer, prepare };
}
