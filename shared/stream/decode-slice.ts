/** The bodies of slices. Each loop ends by the reader's bytes or by what the cell already holds; a reason is given for what is refused. */
import { type BitReader, bitsFor, unzigzag } from "./bits.ts";
import type { EventSeen } from "./decode.ts";
import { type FieldLayout, type Layout, RATES, SLOTS_ORDER, SPEED_ORDER, SPIN_ORDER } from "./layout.ts";
import { type HeldCell, layDown, putIn, type Slot, takeOut, wakeUp } from "./slots.ts";
import { wrapped } from "./state.ts";

export interface SliceSink<S> {
  enter(slot: Slot<S>): void;
  /** `to` is the cell that it went to, -1 where that is not told. */
  leave(slot: Slot<S>, to: number, removed: boolean): void;
  change(slot: Slot<S>): void;
  event(seen: EventSeen): void;
}

type Why = string | undefined;
const SHORT = "the frame ends too early";

export function readKeyframe<S>(
  reader: BitReader,
  layout: Layout,
  cell: number,
  sink: SliceSink<S>,
): HeldCell<S> | string {
  const rate = RATES[reader.read(2)];
  const count = reader.readCount(SLOTS_ORDER);
  const awake = reader.read(bitsFor(count + 1));
  if (reader.over) return SHORT;
  if (rate === undefined || awake > count || count > layout.entitiesMax) return "a keyframe that cannot be";
  const held: HeldCell<S> = { rate, slots: [], awake };
  for (let n = 0; n < count; n++) {
    const slot = readRecord<S>(reader, layout, cell, rate, n < awake);
    if (typeof slot === "string") return slot;
    held.slots.push(slot);
  }
  for (const slot of held.slots) sink.enter(slot);
  return held;
}

function readRecord<S>(
  reader: BitReader,
  layout: Layout,
  cell: number,
  rate: Slot["rate"],
  moves: boolean,
): Slot<S> | string {
  const index = reader.read(layout.indexBits);
  const id = index + reader.read(8) * 2 ** 20;
  const kind = reader.read(layout.kindBits);
  const x = reader.read(layout.spanBits);
  const y = reader.read(layout.spanBits);
  const vx = moves ? readSigned(reader, SPEED_ORDER) : 0;
  const vy = moves ? readSigned(reader, SPEED_ORDER) : 0;
  const what = layout.kinds[kind];
  if (reader.over) return SHORT;
  if (!what || index >= layout.entitiesMax) return "an entity that cannot be";
  const angle = reader.read(what.angleBits);
  const spin = moves && what.angleBits > 0 ? readSigned(reader, SPIN_ORDER) : 0;
  const slot = { id, kind, rate, cell, x: 0, y: 0, vx, vy, angle, spin, fields: [] as number[], revision: 0 };
  const why =
    place(slot, x + originX(layout, cell), y + originY(layout, cell), layout) ??
    readFields(reader, what.fields, slot.fields);
  return why ?? (slot as unknown as Slot<S>);
}

const readSigned = (reader: BitReader, order: number) => unzigzag(reader.readCount(order));
const originX = (layout: Layout, cell: number) => (cell % layout.columns) * layout.cell - layout.margin;
const originY = (layout: Layout, cell: number) => Math.floor(cell / layout.columns) * layout.cell - layout.margin;

/** Takes a position that is in the slot's cell, or within its margin. */
function place(slot: { cell: number; x: number; y: number }, x: number, y: number, layout: Layout): Why {
  const left = originX(layout, slot.cell);
  const top = originY(layout, slot.cell);
  const isInside =
    x >= Math.max(0, left) &&
    y >= Math.max(0, top) &&
    x <= Math.min(layout.maxX, left + layout.span - 1) &&
    y <= Math.min(layout.maxY, top + layout.span - 1);
  if (!isInside) return "a position outside its cell";
  slot.x = x;
  slot.y = y;
  return undefined;
}

function readFields(reader: BitReader, fields: readonly FieldLayout[], into: number[]): Why {
  for (let at = 0; at < fields.length; at++) {
    const why = readField(reader, fields[at]!, into, at);
    if (why) return why;
  }
  return reader.over ? SHORT : undefined;
}

function readField(reader: BitReader, { bits, size }: FieldLayout, into: number[], at: number): Why {
  const value = reader.read(bits);
  into[at] = value;
  return value < size ? undefined : "a value that its field does not have";
}

export function readDelta<S>(
  reader: BitReader,
  layout: Layout,
  cell: number,
  held: HeldCell<S>,
  sink: SliceSink<S>,
): Why {
  let entering = 0;
  if (reader.read(1) === 1) {
    const why = readLeaves(reader, layout, held, sink) ?? readWakes(reader, held);
    if (why) return why;
    while (reader.read(1) === 1) {
      const slot = readRecord<S>(reader, layout, cell, held.rate, true);
      if (typeof slot === "string") return slot;
      putIn(held, slot);
      sink.enter(slot);
      entering += 1;
    }
  }
  return reader.over ? SHORT : readSteps(reader, layout, held, held.awake - entering, sink);
}

function readLeaves<S>(reader: BitReader, layout: Layout, held: HeldCell<S>, sink: SliceSink<S>): Why {
  while (reader.read(1) === 1) {
    const at = reader.read(bitsFor(held.slots.length));
    const isElsewhere = reader.read(1) === 1;
    const to = isElsewhere ? reader.read(layout.cellBits) : -1;
    if (reader.over) return SHORT;
    if (at >= held.slots.length || to >= layout.cells) return "a leave that cannot be";
    sink.leave(takeOut(held, at), to, !isElsewhere);
  }
  return undefined;
}

function readWakes<S>(reader: BitReader, held: HeldCell<S>): Why {
  while (reader.read(1) === 1) {
    const resting = held.slots.length - held.awake;
    const at = reader.read(bitsFor(resting));
    if (reader.over) return SHORT;
    if (at >= resting) return "a waking that cannot be";
    wakeUp(held, held.awake + at);
  }
  return undefined;
}

/** One step of each slot that moved before this slice. */
function readSteps<S>(reader: BitReader, layout: Layout, held: HeldCell<S>, count: number, sink: SliceSink<S>): Why {
  if (count === 0) return undefined;
  const isMarked = reader.read(1) === 1;
  const order = reader.read(4);
  const angleOrder = layout.angles ? reader.read(4) : 0;
  const lying: number[] = [];
  for (let at = 0; at < count; at++) {
    const slot = held.slots[at]!;
    const mark = isMarked ? reader.read(1) && 1 + reader.read(1) : 0;
    if (mark === 2) {
      lying.push(at);
      slot.vx = slot.vy = slot.spin = 0;
      continue;
    }
    const why =
      readStep(reader, layout, slot, order, angleOrder) ?? (mark ? readChanges(reader, layout, slot) : undefined);
    if (why) return why;
    if (mark) sink.change(slot);
  }
  for (let n = lying.length - 1; n >= 0; n--) layDown(held, lying[n]!);
  return undefined;
}

function readStep<S>(reader: BitReader, layout: Layout, slot: Slot<S>, order: number, angleOrder: number): Why {
  const fromX = slot.x;
  const fromY = slot.y;
  const x = fromX + slot.vx + readSigned(reader, order);
  const y = fromY + slot.vy + readSigned(reader, order);
  const { angleBits } = layout.kinds[slot.kind]!;
  if (angleBits > 0) {
    slot.spin = wrapped(slot.spin + readSigned(reader, angleOrder), angleBits);
    slot.angle = (slot.angle + slot.spin) & ((1 << angleBits) - 1);
  }
  if (reader.over) return SHORT;
  slot.vx = x - fromX;
  slot.vy = y - fromY;
  return place(slot, x, y, layout);
}

function readChanges<S>(reader: BitReader, layout: Layout, slot: Slot<S>): Why {
  const { fields } = layout.kinds[slot.kind]!;
  const mask = reader.read(fields.length);
  if (mask === 0) return reader.over ? SHORT : "a change of nothing";
  for (let at = 0; at < fields.length; at++) {
    const why = (mask >> at) & 1 ? readField(reader, fields[at]!, slot.fields, at) : undefined;
    if (why) return why;
  }
  slot.revision += 1;
  return reader.over ? SHORT : undefined;
}

export function readEvents<S>(reader: BitReader, layout: Layout, cell: number, sink: SliceSink<S>): Why {
  if (layout.events.length === 0) return "events where there are none";
  do {
    const event = reader.read(layout.eventBits);
    const age = reader.read(2);
    const x = reader.read(layout.insideBits) + originX(layout, cell) + layout.margin;
    const y = reader.read(layout.insideBits) + originY(layout, cell) + layout.margin;
    const what = layout.events[event];
    if (reader.over) return SHORT;
    if (!what || x > layout.maxX || y > layout.maxY) return "an event that cannot be";
    const fields: number[] = [];
    const why = readFields(reader, what.fields, fields);
    if (why) return why;
    sink.event({ event, age, x, y, fields });
  } while (reader.read(1) === 1);
  return reader.over ? SHORT : undefined;
}
