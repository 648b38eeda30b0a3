/**
 * A timing wheel for slots: one timer each (its links stand in the slot's record), in steps of 5 ms, never early and at most a step late. The fine wheel spans 5.12 s
 * (a frame); timers beyond its frame wait in the coarse wheel, one place a frame, and move into the fine one when their frame
 * begins. Varghese and Lauck 1987, "Hashed and hierarchical timing wheels". Setting and cancelling cost the same at any size,
 * and a bitmap finds the next timer without walking over empty places.
 */
import { nextBit } from "./bits.ts";
import { DUE, FLOATS, INTS, type Records, TIMER_NEXT, TIMER_PLACE, TIMER_PREVIOUS } from "./records.ts";

const STEP_MS = 5;
/** Places of each wheel: 1,024 x 5 ms, and 1,024 frames: 87 minutes, above the longest wait that a mode may name. */
const PLACES = 1_024;
const NONE = -1;

export interface Wheel {
  readonly count: number;
  /** Replaces an earlier timer of the slot. */
  set(slot: number, dueMs: number, nowMs: number): void;
  cancel(slot: number): void;
  /** Calls `due` for timers up to `nowMs`, at most `max` of them; true: some are left. */
  advance(nowMs: number, max: number): boolean;
  /** Never later than the next timer; Infinity without one. */
  nextMs(): number;
}

export function createWheel(records: Records, due: (slot: number) => void): Wheel {
  const heads = new Int32Array(2 * PLACES).fill(NONE);
  const bits = new Int32Array((2 * PLACES) / 32);
  let count = 0;
  /** Steps up to and including this one have been called. */
  let step = 0;

  const link = (slot: number, place: number) => {
    const { ints } = records;
    const head = heads[place]!;
    ints[slot * INTS + TIMER_NEXT] = head;
    ints[slot * INTS + TIMER_PREVIOUS] = NONE;
    ints[slot * INTS + TIMER_PLACE] = place;
    if (head !== NONE) ints[head * INTS + TIMER_PREVIOUS] = slot;
    else bits[place >> 5]! |= 1 << (place & 31);
    heads[place] = slot;
    count++;
  };
  const unlink = (slot: number) => {
    const { ints } = records;
    const place = ints[slot * INTS + TIMER_PLACE]!;
    const after = ints[slot * INTS + TIMER_NEXT]!;
    const before = ints[slot * INTS + TIMER_PREVIOUS]!;
    if (after !== NONE) ints[after * INTS + TIMER_PREVIOUS] = before;
    if (before !== NONE) ints[before * INTS + TIMER_NEXT] = after;
    else heads[place] = after;
    if (heads[place] === NONE) bits[place >> 5]! &= ~(1 << (place & 31));
    ints[slot * INTS + TIMER_PLACE] = NONE;
    count--;
  };
  const hang = (slot: number) => {
    const at = Math.max(Math.ceil(records.floats[slot * FLOATS + DUE]! / STEP_MS), step + 1);
    const frame = Math.floor((step + 1) / PLACES);
    const frames = Math.floor(at / PLACES) - frame;
    if (frames === 0) link(slot, at - frame * PLACES);
    // Beyond the coarse wheel it hangs in the last frame and is hung again from there.
    else link(slot, PLACES + modulo(frame + Math.min(frames, PLACES - 1)));
  };
  /** The timers of the frame that begins move into the fine wheel. */
  const unfold = (frame: number) => {
    const place = PLACES + modulo(frame);
    let slot = heads[place]!;
    heads[place] = NONE;
    bits[place >> 5]! &= ~(1 << (place & 31));
    while (slot !== NONE) {
      const after = records.ints[slot * INTS + TIMER_NEXT]!;
      count--;
      hang(slot);
      slot = after;
    }
  };
  const startOf = (frame: number) => frame * PLACES;

  return {
    get count() {
      return count;
    },
    set(slot, dueMs, nowMs) {
      if (records.ints[slot * INTS + TIMER_PLACE] !== NONE) unlink(slot);
      // An empty wheel has no past: it starts at present.
      if (count === 0) step = Math.floor(nowMs / STEP_MS);
      records.floats[slot * FLOATS + DUE] = dueMs;
      hang(slot);
    },
    cancel(slot) {
      if (records.ints[slot * INTS + TIMER_PLACE] !== NONE) unlink(slot);
    },
    advance(nowMs, max) {
      const until = Math.floor(nowMs / STEP_MS);
      let left = max;
      while (step < until) {
        if (count === 0) {
          step = until;
          break;
        }
        const frame = Math.floor((step + 1) / PLACES);
        const end = startOf(frame + 1);
        const place = nextBit(bits, modulo(step + 1), PLACES);
        const at = place === NONE ? end : startOf(frame) + place;
        if (at > until) {
          step = until;
          if (at === end && until === end - 1) unfold(frame + 1);
          break;
        }
        if (at === end) {
          step = end - 1;
          unfold(frame + 1);
          continue;
        }
        step = at - 1;
        while (heads[place] !== NONE) {
          if (left-- === 0) return true;
          const slot = heads[place]!;
          unlink(slot);
          due(slot);
        }
        step = at;
        if (step === end - 1) unfold(frame + 1);
      }
      return false;
    },
    nextMs() {
      if (count === 0) return Number.POSITIVE_INFINITY;
      const frame = Math.floor((step + 1) / PLACES);
      const fine = nextBit(bits, modulo(step + 1), PLACES);
      if (fine !== NONE) return (startOf(frame) + fine) * STEP_MS;
      for (let ahead = 1; ahead < PLACES; ahead++) {
        if (heads[PLACES + modulo(frame + ahead)] !== NONE) return startOf(frame + ahead) * STEP_MS;
      }
      return Number.POSITIVE_INFINITY;
    },
  };
}

/** Of a wheel; steps are beyond 32 bits, so no masks. */
const modulo = (step: number) => step - Math.floor(step / PLACES) * PLACES;
