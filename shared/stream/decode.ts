/**
 * Reads frames: what a client holds and what it shows. Never throws, whatever the bytes are; memory is bounded by the definition's
 * `entitiesMax`, and the work by the frame's length. A frame that is not well formed is refused with a reason, and from then on all are
 * until a fresh one (which starts from nothing): a chain of deltas with a gap would be wrong for ever.
 *
 * An entity that leaves one cell for another which is held too stays shown until it is seen there: the other cell may step later.
 */
import { BitReader } from "./bits.ts";
import { readDelta, readEvents, readKeyframe, type SliceSink } from "./decode-slice.ts";
import { FORMAT_VERSION, FRAME, type Layout, SLICE, SLOWEST } from "./layout.ts";
import type { HeldCell, Slot } from "./slots.ts";
import { entityHash, mixed } from "./state.ts";

/** What is shown of one id; it lives on when the id changes cells. */
export interface ShownEntity {
  /** As the cell has it that told of it last. */
  slot: Slot<ShownEntity>;
  /** As each cell has it: a slow cell has not noticed yet that it went, or that it came back. */
  readonly slots: Slot<ShownEntity>[];
}

/** In a tick an entity changes cells once, and after four all cells agree: more cells than these never have it at once. */
const CELLS_OF_ONE_MAX = 8;

export interface EventSeen {
  /** Which of the definition's events. */
  readonly event: number;
  /** Ticks between it and this frame's. */
  readonly age: number;
  readonly x: number;
  readonly y: number;
  readonly fields: readonly number[];
}

export type Read = { readonly ok: true } | { readonly ok: false; readonly why: string };

export interface Decoder<S extends ShownEntity> {
  read(bytes: Uint8Array): Read;
  readonly cells: ReadonlyMap<number, HeldCell<S>>;
  readonly shown: ReadonlyMap<number, S>;
  /** Of the last frame; -1 before the first. */
  readonly tick: number;
  /** The last checksum did not match, or a frame was refused: only a fresh frame heals it. */
  readonly diverged: boolean;
  /** What the last frame did. */
  readonly entered: readonly S[];
  readonly left: readonly { readonly entity: S; readonly removed: boolean }[];
  readonly changed: readonly S[];
  readonly events: readonly EventSeen[];
}

const OK: Read = Object.freeze({ ok: true });

export function createDecoder<S extends ShownEntity>(layout: Layout, show: (slot: Slot<S>) => S): Decoder<S> {
  const reader = new BitReader();
  const cells = new Map<number, HeldCell<S>>();
  const shown = new Map<number, S>();
  /** Shown, but in no cell any more unless this frame or one of the next shows it elsewhere. */
  const between = new Map<number, { slot: Slot<S>; to: number; removed: boolean; until: number }>();
  const [entered, changed]: S[][] = [[], []];
  const left: { entity: S; removed: boolean }[] = [];
  const events: EventSeen[] = [];
  let [tick, refused, mismatch, slotsHeld] = [-1, true, false, 0];
  let [isSettled, isCrowded] = [false, false];

  const sink: SliceSink<S> = {
    enter(slot) {
      slotsHeld += 1;
      const known = shown.get(slot.id);
      slot.shown = known ?? show(slot);
      slot.shown.slot = slot;
      const cellsOfIt = slot.shown.slots.push(slot);
      if (cellsOfIt > CELLS_OF_ONE_MAX) isCrowded = true;
      if (known) return;
      shown.set(slot.id, slot.shown);
      entered!.push(slot.shown);
    },
    leave(slot, to, removed) {
      slotsHeld -= 1;
      slot.shown.slots.splice(slot.shown.slots.indexOf(slot), 1);
      if (slot.shown.slot === slot) between.set(slot.id, { slot, to, removed, until: tick + SLOWEST });
    },
    change(slot) {
      if (slot.shown.slot === slot) changed!.push(slot.shown);
    },
    event: (seen) => events.push(seen),
  };

  function drop(cell: number): void {
    for (const slot of cells.get(cell)?.slots ?? []) sink.leave(slot, -1, false);
    cells.delete(cell);
  }

  function readSlice(): string | undefined {
    const head = reader.readVarint();
    const [cell, kind] = [Math.floor(head / 4), head & 3];
    if (reader.over || cell >= layout.cells) return "a slice of no cell";
    if (kind === SLICE.keyframe) {
      drop(cell);
      const held = readKeyframe(reader, layout, cell, sink);
      if (typeof held === "string") return held;
      cells.set(cell, held);
    } else {
      const held = cells.get(cell);
      if (!held) return "a slice of a cell that is not held";
      const why =
        kind === SLICE.delta
          ? readDelta(reader, layout, cell, held, sink)
          : kind === SLICE.events && readEvents(reader, layout, cell, sink);
      if (why) return why;
      if (kind === SLICE.forget) drop(cell);
    }
    reader.align();
    if (slotsHeld > 2 * layout.entitiesMax || isCrowded) return "more entities than there can be";
    return reader.over ? "the frame ends too early" : undefined;
  }

  /** Whoever was in a cell that let go of it and is in none now has left. */
  function settle(): void {
    for (const [id, { slot, to, removed, until }] of between) {
      const { shown: entity } = slot;
      // It went back to a cell that never noticed it was away.
      if (entity.slot === slot) entity.slot = entity.slots.find(({ cell }) => cell === to) ?? slot;
      const mayCome = !removed && !isSettled && tick < until && cells.has(to);
      if (entity.slot === slot && !mayCome) entity.slot = entity.slots.at(-1) ?? slot;
      if (entity.slot === slot && mayCome) continue;
      between.delete(id);
      if (entity.slot !== slot) continue;
      shown.delete(id);
      left.push({ entity, removed });
    }
  }

  function checksum(): number {
    let sum = 0;
    for (const { slots } of cells.values()) {
      for (const { id, kind, x, y, angle, fields } of slots) {
        let hash = entityHash(id, kind, x, y, angle);
        for (const value of fields) hash = mixed(hash, value);
        sum = (sum + hash) | 0;
      }
    }
    return sum >>> 0;
  }

  function startAnew(): void {
    for (const cell of [...cells.keys()]) drop(cell);
    for (const waiting of between.values()) waiting.until = 0;
    refused = false;
    mismatch = isCrowded = false;
    tick = -1;
  }

  function readFrame(): string | undefined {
    const first = reader.read(8);
    if (first >> 4 !== FORMAT_VERSION || (first & 0xf) > (FRAME.fresh | FRAME.checksum | FRAME.settled))
      return "not this version";
    if (first & FRAME.fresh) {
      const fingerprint = readFingerprint();
      if (fingerprint) return fingerprint;
      startAnew();
    } else if (refused) return "a fresh frame is needed";
    const now = reader.readVarint();
    if (reader.over) return "the frame ends too early";
    if (now <= tick) return "a tick that has passed";
    tick = now;
    isSettled = (first & FRAME.settled) !== 0;
    const told = first & FRAME.checksum ? reader.readUint32() : undefined;
    while (!reader.done) {
      const why = readSlice();
      if (why) return why;
    }
    if (reader.over) return "the frame ends too early";
    if (told !== undefined && told !== checksum()) mismatch = true;
    return undefined;
  }

  function readFingerprint(): string | undefined {
    const fingerprint = reader.readUint32();
    return !reader.over && fingerprint === layout.fingerprint ? undefined : "another definition";
  }

  return {
    cells,
    shown,
    entered: entered!,
    changed: changed!,
    left,
    events,
    get tick() {
      return tick;
    },
    get diverged() {
      return refused || mismatch;
    },
    read(bytes) {
      entered!.length = changed!.length = left.length = events.length = 0;
      reader.open(bytes);
      const why = readFrame();
      settle();
      if (why === undefined) return OK;
      refused = true;
      return { ok: false, why };
    },
  };
}

/** Of a frame that is not read yet, as `readFrame` will find it; undefined: this is no frame, and reading it says why. */
export function tickOf(bytes: Uint8Array): number | undefined {
  const reader = new BitReader();
  reader.open(bytes);
  if (reader.read(8) & FRAME.fresh) reader.readUint32();
  const tick = reader.readVarint();
  return reader.over ? undefined : tick;
}
