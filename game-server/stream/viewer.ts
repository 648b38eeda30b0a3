/**
 * One client's view: what it sees, and its frames. A frame is the slices of its cells that this step wrote, put one after another: deltas of
 * what it holds, a keyframe of what it does not hold yet, a word for what it shall forget.
 *
 * Nothing is ever missing from a chain silently: a viewer whose frame was not taken in one step holds nothing from then on, and its
 * next frame is a fresh one.
 */
import { FORMAT_VERSION, FRAME, type Rate, SLICE, SLOWEST } from "@frontrow/shared/stream/layout.ts";
import { stepsOf } from "./grid.ts";
import type { Interest } from "./interest.ts";
import { createSight, type Entry } from "./sight.ts";
import type { World } from "./world.ts";

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
  /** Is on the list of those that want what they do not hold. */
  isListed: boolean;
  /** Before a step is encoded: says which keyframes it needs. Whether it will want more afterwards. */
  prepare(): boolean;
  /** On steps in which all chains are due: asks for what this step's checksum needs, if it has one. */
  prepareChecksum(): void;
}

/** The list of those, and who has left. */
export interface SeatKeeper {
  restless(seat: Seat): void;
  closed(seat: Seat): void;
}

/** Checksums about once a second at 20 ticks: every fifth step of the slowest rate, at which all chains are due and nothing lags. */
const CHECKSUM_EVERY = 5;
/** First byte, tick, fingerprint, checksum; and a slice that has no body. */
const HEAD_BYTES_MAX = 16;
const FORGET_BYTES_MAX = 8;

export function createSeat(world: World, number: number, interest: Interest, keeper: SeatKeeper): Seat {
  const { layout, frames } = world;
  const sight = createSight(world, interest, () => keeper.restless(seat));
  const perUnit = 1 / layout.step;
  let isFresh = true;
  let isAsking = true;
  let isOpen = true;
  let takenAt = world.step;

  function lose(): void {
    sight.holdNothing();
    isFresh = true;
  }

  /** A cell changes its chain only where both are due, so that no event is told twice or never. */
  function canTurn({ wanted, held }: Entry): boolean {
    return wanted !== undefined && world.step % Math.max(wanted.rate, held ? held.rate : 1) === 0;
  }
  const isChecksumDue = () =>
    world.step % SLOWEST === 0 && (world.step / SLOWEST) % CHECKSUM_EVERY === number % CHECKSUM_EVERY;

  /** Of what it holds once this frame is read; undefined where a look after the encoding changed what that is. */
  function checksum(): number | undefined {
    let sum = 0;
    for (const { wanted, held } of sight.entries) {
      const holds = wanted && wanted.keyframeStep === world.step ? wanted : held;
      if (!wanted || !holds) continue;
      if (holds.checksumAt < 0) return undefined;
      sum = (sum + holds.checksum) | 0;
    }
    return sum;
  }

  function writeSlices(): void {
    const { entries } = sight;
    const { step } = world;
    const { bytes } = world.writer;
    for (let at = 0; at < entries.length; at++) {
      const entry = entries[at]!;
      const { wanted, held } = entry;
      if (wanted !== held) writeTurn(entry);
      else if (held) {
        if (held.deltaStep === step) frames.copy(bytes, held.deltaAt, held.deltaEnd);
        if (held.eventsStep === step) frames.copy(bytes, held.eventsAt, held.eventsEnd);
      }
    }
    if (sight.isPending) sight.tidy();
  }

  /** A cell that comes, goes or changes its rate. */
  function writeTurn(entry: Entry): void {
    const { wanted, held } = entry;
    const { step } = world;
    const { bytes } = world.writer;
    if (!wanted) {
      frames.room(FORGET_BYTES_MAX);
      frames.varint(entry.cell * 4 + SLICE.forget);
      sight.take(entry, undefined);
      return;
    }
    const turns = wanted.keyframeStep === step && canTurn(entry);
    const told = held ?? wanted;
    if (turns) {
      frames.copy(bytes, wanted.keyframeAt, wanted.keyframeEnd);
      sight.take(entry, wanted);
    } else if (!held) return;
    else if (held.deltaStep === step) frames.copy(bytes, held.deltaAt, held.deltaEnd);
    if (told.eventsStep === step) frames.copy(bytes, told.eventsAt, told.eventsEnd);
  }

  function write(out: Uint8Array, head: number): Uint8Array | undefined {
    const sum = isChecksumDue() ? checksum() : undefined;
    const hasChecksum = sum !== undefined;
    frames.open(out, head);
    frames.room(HEAD_BYTES_MAX);
    frames.byte(
      (FORMAT_VERSION << 4) |
        (isFresh ? FRAME.fresh : 0) |
        (hasChecksum ? FRAME.checksum : 0) |
        (world.step % SLOWEST === 0 ? FRAME.settled : 0),
    );
    if (isFresh) frames.uint32(layout.fingerprint);
    frames.varint(world.tick);
    if (hasChecksum) frames.uint32(sum);
    const start = frames.end;
    writeSlices();
    if (frames.end === start && (isFresh || !hasChecksum)) return undefined;
    isFresh = false;
    return frames.bytes.subarray(0, frames.end);
  }

  const viewer: Viewer = {
    look(x, y) {
      if (isOpen) sight.look(stepsOf(x, perUnit, layout.maxX), stepsOf(y, perUnit, layout.maxY));
    },
    widen(to) {
      if (isOpen) sight.widen(to);
    },
    slower(rate) {
      if (isOpen) sight.slower(rate);
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
      sight.close();
      keeper.closed(seat);
    },
    frame(out, head = 0) {
      if (!isOpen || takenAt === world.step) return undefined;
      const hasMissed = takenAt !== world.step - 1;
      takenAt = world.step;
      if (hasMissed) lose();
      if (!hasMissed && isAsking) return write(out, head);
      isAsking = true;
      return undefined;
    },
    get held() {
      return sight.entries.flatMap(({ cell, held }) => (held ? cell : []));
    },
  };

  function prepare(): boolean {
    const { step } = world;
    if (takenAt !== step - 1) {
      if (!isFresh) lose();
      isAsking = false;
    }
    if (!isAsking) return sight.isPending;
    const { entries } = sight;
    for (let at = 0; at < entries.length; at++) {
      const entry = entries[at]!;
      if (entry.wanted !== entry.held && canTurn(entry)) entry.wanted!.keyframeFor = step;
    }
    return sight.isPending;
  }

  function prepareChecksum(): void {
    if (!isAsking || !isChecksumDue()) return;
    for (const { wanted, held } of sight.entries) {
      if (wanted) wanted.checksumFor = world.step;
      if (held) held.checksumFor = world.step;
    }
  }

  const seat: Seat = { viewer, isListed: false, prepare, prepareChecksum };
  return seat;
}
