/**
 * One client's view: what it sees, and its frames. A frame is the slices of its cells that this step wrote, put one after another: deltas of
 * what it holds, a keyframe of what it does not hold yet, a word for what it shall forget.
 *
 * Nothing is ever missing from a chain silently: a viewer whose frame was not taken in one step holds nothing from then on, and its
 * next frame is a fresh one.
 */
import { FORMAT_VERSION, FRAME, type Rate, SLICE, SLOWEST } from "@frontrow/shared/stream/layout.ts";
import type { FrameWriter } from "./frame-writer.ts";
import { stepsOf } from "./grid.ts";
import type { Interest } from "./interest.ts";
import { CELL, ENTRY, HELD, NONE, Sight, WANTED } from "./sight.ts";
import { type Chain, SAID, type World } from "./world.ts";

/** The list of those that want what they do not hold, and who has left. */
export interface ViewerKeeper {
  restless(viewer: Viewer): void;
  closed(viewer: Viewer): void;
}

/** Checksums about once a second at 20 ticks: every fifth step of the slowest rate, at which all chains are due and nothing lags. */
const CHECKSUM_EVERY = 5;
/** First byte, tick, fingerprint, checksum; and a slice that has no body. */
const HEAD_BYTES_MAX = 16;
const FORGET_BYTES_MAX = 8;

export class Viewer {
  readonly #world: World;
  readonly #sight: Sight;
  readonly #keeper: ViewerKeeper;
  /** Of all that ever were: spreads checksums over the ticks. */
  readonly #number: number;
  #isFresh = true;
  #isAsking = true;
  #isOpen = true;
  #takenAt: number;
  /** Is on the list of those that want what they do not hold. */
  isListed = false;

  constructor(world: World, number: number, interest: Interest, keeper: ViewerKeeper) {
    this.#world = world;
    this.#number = number;
    this.#keeper = keeper;
    this.#takenAt = world.step;
    this.#sight = new Sight(world, interest, () => keeper.restless(this));
  }

  /** Where its middle is, in the game's unit. Before the first look it sees nothing. */
  look(x: number, y: number): void {
    const { step, maxX, maxY } = this.#world.layout;
    if (this.#isOpen) this.#sight.look(stepsOf(x, 1 / step, maxX), stepsOf(y, 1 / step, maxY));
  }

  /** Sees this from now on: a spectator more than a player, say. */
  widen(interest: Interest): void {
    if (this.#isOpen) this.#sight.widen(interest);
  }

  /** From now on no cell steps faster than this; 1 lifts it. Cells change over one by one, by keyframes. */
  slower(rate: Rate): void {
    if (this.#isOpen) this.#sight.slower(rate);
  }

  /** Holds nothing any more: its next frame is fresh. */
  restart(): void {
    if (!this.#isOpen) return;
    this.#lose();
    this.#isAsking = true;
    this.#takenAt = this.#world.step;
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#sight.close();
    this.#keeper.closed(this);
  }

  /**
   * Puts what this step has for it behind what was written before; false: nothing, and nothing was written. Good for one call a step:
   * who missed a step holds nothing.
   */
  write(into: FrameWriter): boolean {
    const { step } = this.#world;
    if (!this.#isOpen || this.#takenAt === step) return false;
    const hasMissed = this.#takenAt !== step - 1;
    this.#takenAt = step;
    if (hasMissed) this.#lose();
    if (!hasMissed && this.#isAsking) return this.#writeFrame(into);
    this.#isAsking = true;
    return false;
  }

  /**
   * The same for one frame alone; undefined: nothing. It stands in `out` from `head` on, which is replaced by a larger array where it
   * is too small; the first `head` bytes are kept.
   */
  frame(out: Uint8Array, head = 0): Uint8Array | undefined {
    const { frames } = this.#world;
    frames.open(out, head);
    return this.write(frames) ? frames.bytes.subarray(0, frames.end) : undefined;
  }

  /** Cells that it holds. */
  get held(): readonly number[] {
    const { entries, end } = this.#sight;
    const held: number[] = [];
    for (let at = 0; at < end; at += ENTRY) if (entries[at + HELD] !== NONE) held.push(entries[at + CELL]!);
    return held;
  }

  /** Before a step is encoded: says which keyframes it needs. Whether it will want more afterwards. */
  prepare(): boolean {
    const { step } = this.#world;
    if (this.#takenAt !== step - 1) {
      if (!this.#isFresh) this.#lose();
      this.#isAsking = false;
    }
    const { entries, end, isPending } = this.#sight;
    for (let at = 0; this.#isAsking && isPending && at < end; at += ENTRY) {
      if (entries[at + WANTED] === entries[at + HELD]) continue;
      const wanted = this.#chain(entries[at + WANTED]!);
      if (this.#canTurn(wanted, this.#chain(entries[at + HELD]!))) wanted!.keyframeFor = step;
    }
    return isPending;
  }

  /** On steps in which all chains are due: asks for what this step's checksum needs, if it has one. */
  prepareChecksum(): void {
    if (!this.#isAsking || !this.#isChecksumDue()) return;
    const { entries, end } = this.#sight;
    for (let at = 0; at < end; at += ENTRY) {
      for (const id of [entries[at + WANTED]!, entries[at + HELD]!]) {
        if (id !== NONE) this.#world.chains[id]!.checksumFor = this.#world.step;
      }
    }
  }

  #lose(): void {
    this.#sight.holdNothing();
    this.#isFresh = true;
  }

  #chain(id: number): Chain | undefined {
    return id === NONE ? undefined : this.#world.chains[id];
  }

  /** A cell changes its chain only where both are due, so that no event is told twice or never. */
  #canTurn(wanted: Chain | undefined, held: Chain | undefined): boolean {
    return wanted !== undefined && this.#world.step % Math.max(wanted.rate, held ? held.rate : 1) === 0;
  }

  #isChecksumDue(): boolean {
    const { step } = this.#world;
    return step % SLOWEST === 0 && (step / SLOWEST) % CHECKSUM_EVERY === this.#number % CHECKSUM_EVERY;
  }

  /** Of what it holds once this frame is read; undefined where a look after the encoding changed what that is. */
  #checksum(): number | undefined {
    const { entries, end } = this.#sight;
    let sum = 0;
    for (let at = 0; at < end; at += ENTRY) {
      const wanted = this.#chain(entries[at + WANTED]!);
      const holds = wanted?.keyframeStep === this.#world.step ? wanted : this.#chain(entries[at + HELD]!);
      if (!wanted || !holds) continue;
      if (holds.checksumAt < 0) return undefined;
      sum = (sum + holds.checksum) | 0;
    }
    return sum;
  }

  #writeFrame(into: FrameWriter): boolean {
    const { step, tick, layout } = this.#world;
    const begin = into.end;
    const sum = this.#isChecksumDue() ? this.#checksum() : undefined;
    const hasChecksum = sum !== undefined;
    into.room(HEAD_BYTES_MAX);
    into.byte(
      (FORMAT_VERSION << 4) |
        (this.#isFresh ? FRAME.fresh : 0) |
        (hasChecksum ? FRAME.checksum : 0) |
        (step % SLOWEST === 0 ? FRAME.settled : 0),
    );
    if (this.#isFresh) into.uint32(layout.fingerprint);
    into.varint(tick);
    if (hasChecksum) into.uint32(sum);
    const start = into.end;
    this.#writeSlices(into);
    if (into.end === start && (this.#isFresh || !hasChecksum)) {
      into.end = begin;
      return false;
    }
    this.#isFresh = false;
    return true;
  }

  #writeSlices(into: FrameWriter): void {
    const { entries, end, isPending } = this.#sight;
    for (let at = 0; at < end; at += ENTRY) {
      const held = entries[at + HELD]!;
      if (isPending && entries[at + WANTED] !== held) this.#writeTurn(into, at);
      else if (held !== NONE) this.#writeSaid(into, held, false);
    }
    if (isPending) this.#sight.tidy();
  }

  /** What a chain said in this step: its delta, its events; or the latter alone. */
  #writeSaid(into: FrameWriter, chain: number, eventsAlone: boolean): void {
    const { said, step, writer } = this.#world;
    const place = chain * SAID;
    if (said[place] === step) into.copy(writer.bytes, said[place + (eventsAlone ? 3 : 1)]!, said[place + 2]!);
  }

  /** A cell that comes, goes or changes its rate. */
  #writeTurn(into: FrameWriter, at: number): void {
    const { entries } = this.#sight;
    const wanted = this.#chain(entries[at + WANTED]!);
    const held = this.#chain(entries[at + HELD]!);
    if (!wanted) {
      into.room(FORGET_BYTES_MAX);
      into.varint(entries[at + CELL]! * 4 + SLICE.forget);
      this.#sight.take(at, NONE);
    } else if (wanted.keyframeStep === this.#world.step && this.#canTurn(wanted, held)) {
      into.copy(this.#world.writer.bytes, wanted.keyframeAt, wanted.keyframeEnd);
      this.#sight.take(at, wanted.id);
      this.#writeSaid(into, (held ?? wanted).id, true);
    } else if (held) this.#writeSaid(into, held.id, false);
  }
}
