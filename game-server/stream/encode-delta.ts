/**
 * What changed in a chain since its last step. First who left, who woke up and who came; then one step of each that moves: how far it is
 * from where its last step would have taken it again. The order of the code is chosen for the slice, by how large the differences are.
 * A slice in which nothing moves is not written at all.
 */
import { type BitWriter, bitsFor, CODE_BITS, CODE_MASK, codeOf, zigzag } from "@frontrow/shared/stream/bits.ts";
import { SLICE } from "@frontrow/shared/stream/layout.ts";
import { wrapped } from "@frontrow/shared/stream/state.ts";
import { encodeRecord, hold, RECORD_BYTES_MAX } from "./encode-record.ts";
import { NOW, PARTED } from "./entities.ts";
import { layDown, placeOf, ROW, SLOT, takeOut, wakeUp } from "./slots.ts";
import { type Chain, chainId, REST_STEPS, type World } from "./world.ts";

const MARK_FIELDS = 1;
const MARK_REST = 2;
/** The most that one slot takes in a slice: a mark, two differences and a turn; then 16 fields of 20 bits and their mask. */
const STEP_BYTES_MAX = 20;
const FIELDS_BYTES_MAX = 48;

export function encodeDelta(world: World, chain: Chain): void {
  const { entities, writer, newest, departedAt } = world;
  const { cell, steppedAt } = chain;
  const first = newest[cell]!;
  const hasDeparted = departedAt[cell]! > steppedAt;
  const hasArrived = first >= 0 && entities.arrivedAt[first]! > steppedAt;
  const isStirred = chain.stirred >= 0;
  writer.room(64);
  const begin = writer.at;
  writer.writeVarint(cell * 4 + SLICE.delta);
  const structure = hasDeparted || hasArrived || isStirred;
  let stepping = chain.awake;
  if (structure) {
    writer.write(1, 1);
    tellLeaving(world, chain, hasDeparted);
    tellWaking(world, chain);
    stepping = chain.awake;
    tellEntering(world, chain);
  } else writer.write(0, 1);
  const says = stepping > 0 && tellSteps(world, chain, stepping, structure);
  if (!says && !structure) {
    writer.rewind(begin);
    return;
  }
  writer.align();
  chain.checksumAt = -1;
}

function tellLeaving(world: World, chain: Chain, hasDeparted: boolean): void {
  const { entities, writer } = world;
  const table = entities.tables[chain.ring]!;
  for (let row = chain.stirred; row >= 0; row = table.nextStirred[row]!) {
    if (entities.now[row * NOW + 3] !== chain.cell) tellLeave(world, chain, placeOf(chain, table, row));
  }
  for (let at = 0; hasDeparted && at < chain.awake; ) {
    if (entities.now[chain.slots[at * SLOT + ROW]! * NOW + 3] === chain.cell) at += 1;
    else tellLeave(world, chain, at);
  }
  writer.write(0, 1);
}

function tellLeave(world: World, chain: Chain, at: number): void {
  const { entities, layout, writer } = world;
  const table = entities.tables[chain.ring]!;
  const row = chain.slots[at * SLOT + ROW]!;
  const to = entities.now[row * NOW + 3]!;
  writer.room(16);
  writer.write(1, 1);
  writer.write(at, bitsFor(chain.count));
  writer.write(to >= 0 ? 1 : 0, 1);
  if (to >= 0) writer.write(to, layout.cellBits);
  const { parted } = table;
  parted[row * PARTED] = chain.slots[at * SLOT]!;
  parted[row * PARTED + 1] = chain.slots[at * SLOT + 1]!;
  parted[row * PARTED + 2] = chain.slots[at * SLOT + 4]!;
  takeOut(chain, table, at);
  if (table.heldBy[row] === chain.cell) table.heldBy[row] = -1;
  table.leftAt[row] = world.step;
}

function tellWaking(world: World, chain: Chain): void {
  const { entities, writer } = world;
  const table = entities.tables[chain.ring]!;
  for (let row = chain.stirred; row >= 0; row = table.nextStirred[row]!) {
    if (entities.now[row * NOW + 3] !== chain.cell) continue;
    const at = placeOf(chain, table, row);
    writer.room(8);
    writer.write(1, 1);
    writer.write(at - chain.awake, bitsFor(chain.count - chain.awake));
    wakeUp(chain, table, at);
  }
  chain.stirred = -1;
  writer.write(0, 1);
}

/** The cell's list has the newest first, so those who came since the last step stand at its head. */
function tellEntering(world: World, chain: Chain): void {
  const { entities, writer, newest } = world;
  const { arrivedAt, next } = entities;
  const { heldBy } = entities.tables[chain.ring]!;
  for (let row = newest[chain.cell]!; row >= 0 && arrivedAt[row]! > chain.steppedAt; row = next[row]!) {
    // It left and came back between two steps of a slow chain, which never noticed.
    if (heldBy[row] === chain.cell) continue;
    writer.room(RECORD_BYTES_MAX);
    writer.write(1, 1);
    encodeRecord(world, chain, holdArriving(world, chain, row), true);
  }
  writer.write(0, 1);
}

/** Where another chain of this rate told it until its last step, its speed is known. Its place. */
function holdArriving(world: World, chain: Chain, row: number): number {
  const { entities, layout } = world;
  const { heldBy, place, leftAt, parted } = entities.tables[chain.ring]!;
  const other = heldBy[row]! >= 0 ? world.chains[chainId(world, chain.ring, heldBy[row]!)]! : undefined;
  if (!other && leftAt[row] !== world.step) return hold(world, chain, row, 0, 0, 0);
  const n = row * NOW;
  const from = other ? place[row]! * SLOT : row * PARTED;
  const told = other ? other.slots : parted;
  const vx = entities.now[n]! - told[from]!;
  const vy = entities.now[n + 1]! - told[from + 1]!;
  if (Math.abs(vx) > layout.span || Math.abs(vy) > layout.span) return hold(world, chain, row, 0, 0, 0);
  const turn = entities.now[n + 2]! - told[from + (other ? 4 : 2)]!;
  return hold(world, chain, row, vx, vy, turnOf(world, row, turn));
}

function turnOf({ entities, layout }: World, row: number, turn: number): number {
  const { angleBits } = layout.kinds[entities.kind[row]!]!;
  return angleBits === 0 ? 0 : wrapped(turn, angleBits);
}

/** Writes one step of the first `count` slots, unless it says nothing and need not be there; whether it did. */
function tellSteps(world: World, chain: Chain, count: number, isNeeded: boolean): boolean {
  if (world.marks.length < count) {
    world.scratch = new Int32Array(6 * count);
    world.marks = new Uint8Array(2 * count);
  }
  const { entities, layout, writer, scratch, marks } = world;
  const table = entities.tables[chain.ring]!;
  const { slots } = chain;
  const summary = measureSteps(world, chain, count);
  if (summary === STILL && !isNeeded) return false;
  const isMarked = (summary & MARKED) !== 0;
  const order = (summary >> 8) & 15;
  const angleOrder = (summary >> 12) & 15;
  writer.write(isMarked ? 1 : 0, 1);
  writer.write(order, 4);
  if (layout.angles) writer.write(angleOrder, 4);
  writer.room(count * STEP_BYTES_MAX);
  for (let at = 0, s = 0; at < count; at++, s += 3) {
    const mark = marks[at]!;
    if (isMarked) {
      if (mark === 0) writer.write(0, 1);
      else writer.write(mark === MARK_REST ? 3 : 1, 2);
      if (mark === MARK_REST) continue;
    }
    writeStep(writer, scratch[s]!, scratch[s + 1]!, order);
    if (scratch[s + 2]! >= 0) writer.writeCount(scratch[s + 2]!, angleOrder);
    if (mark !== MARK_FIELDS) continue;
    writer.room((count - at) * STEP_BYTES_MAX + FIELDS_BYTES_MAX);
    tellChanges(world, chain, slots[at * SLOT + ROW]!);
  }
  for (let at = count - 1; isMarked && at >= 0; at--) {
    if (marks[at] !== MARK_REST) continue;
    entities.asleep[slots[at * SLOT + ROW]!]! |= 1 << chain.ring;
    layDown(chain, table, at);
  }
  return true;
}

/** Both axes at once, where their codes are short, as most are. */
function writeStep(writer: BitWriter, x: number, y: number, order: number): void {
  const first = codeOf(x, order);
  const second = codeOf(y, order);
  const length = first >> CODE_BITS;
  if (first < 0 || second < 0 || length + (second >> CODE_BITS) > CODE_BITS) {
    writer.writeCount(x, order);
    writer.writeCount(y, order);
    return;
  }
  writer.write((first & CODE_MASK) | ((second & CODE_MASK) << length), length + (second >> CODE_BITS));
}

const STILL = 0;
const MARKED = 1;
const MOVING = 2;

/** Second differences into the scratch, the new baseline; orders and whether there are marks, in one number. */
function measureSteps(world: World, chain: Chain, count: number): number {
  const { entities, angleBitsOf, scratch, marks, step } = world;
  const { now, kind, changedAt } = entities;
  const { changes } = entities.tables[chain.ring]!;
  const { slots } = chain;
  let anyMark = 0;
  let moving = 0;
  let bits = 0;
  let angleBitsSum = 0;
  let angles = 0;
  for (let at = 0, s = 0, b = 0; at < count; at++, s += 3, b += SLOT) {
    const row = slots[b + ROW]!;
    const n = row * NOW;
    const dx = now[n]! - slots[b]!;
    const dy = now[n + 1]! - slots[b + 1]!;
    const zx = zigzag(dx - slots[b + 2]!);
    const zy = zigzag(dy - slots[b + 3]!);
    scratch[s] = zx;
    scratch[s + 1] = zy;
    slots[b] = now[n]!;
    slots[b + 1] = now[n + 1]!;
    slots[b + 2] = dx;
    slots[b + 3] = dy;
    bits += 64 - Math.clz32(zx) - Math.clz32(zy);
    let any = zx | zy | dx | dy;
    const angleBits = angleBitsOf[kind[row]!]!;
    if (angleBits > 0) {
      const turn = wrapped(now[n + 2]! - slots[b + 4]!, angleBits);
      const za = zigzag(wrapped(turn - slots[b + 5]!, angleBits));
      scratch[s + 2] = za;
      slots[b + 4] = now[n + 2]!;
      slots[b + 5] = turn;
      angleBitsSum += 32 - Math.clz32(za);
      angles += 1;
      any |= za | turn;
    } else scratch[s + 2] = -1;
    const isRest = any === 0 && changedAt[row]! + REST_STEPS <= step;
    const mark = changes[row] !== 0 ? MARK_FIELDS : isRest ? MARK_REST : 0;
    marks[at] = mark;
    anyMark |= mark;
    moving |= any;
  }
  if (moving === 0 && anyMark === 0) return STILL;
  const order = orderFor(bits, 2 * count);
  const angleOrder = angles > 0 ? orderFor(angleBitsSum, angles) : 0;
  return MOVING | (anyMark === 0 ? 0 : MARKED) | (order << 8) | (angleOrder << 12);
}

/** The order that suits numbers of this many bits all in all: half a bit below their mean, found by trying (`npm run bench -- stream`). */
const orderFor = (bits: number, numbers: number) => Math.min(15, Math.max(0, Math.floor(bits / numbers - 0.5)));

function tellChanges(world: World, chain: Chain, row: number): void {
  const { entities, layout, writer } = world;
  const { changes } = entities.tables[chain.ring]!;
  const { fields } = layout.kinds[entities.kind[row]!]!;
  const mask = changes[row]!;
  changes[row] = 0;
  writer.write(mask, fields.length);
  const first = row * layout.fieldsMost;
  for (let at = 0; at < fields.length; at++) {
    if ((mask >> at) % 2 === 1) writer.write(entities.fields[first + at]!, fields[at]!.bits);
  }
}
