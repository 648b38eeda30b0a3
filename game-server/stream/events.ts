/** Events of the last four steps at most: until the slowest chain has told them. Full, the next are dropped and counted. */
import type { BitWriter } from "@frontrow/shared/stream/bits.ts";
import { type Layout, SLICE } from "@frontrow/shared/stream/layout.ts";
import type { Chain, World } from "./world.ts";

export interface EventLog {
  readonly max: number;
  count: number;
  dropped: number;
  /** event, x, y, step, cell, the next of the same cell; then the fields. */
  rows: Int32Array;
  readonly width: number;
  /** Of each cell; -1: none. */
  readonly first: Int32Array;
  readonly last: Int32Array;
}

const HEAD = 6;
const [EVENT, X, Y, STEP, CELL, NEXT] = [0, 1, 2, 3, 4, 5];
const ROWS_FIRST = 64;
/** The most that one event takes: its head, and 16 fields of 20 bits. */
const EVENT_BYTES_MAX = 64;

export function createEventLog(layout: Layout, max: number): EventLog {
  const width = HEAD + layout.eventFieldsMost;
  const cells = () => new Int32Array(layout.events.length > 0 ? layout.cells : 0).fill(-1);
  return { max, count: 0, dropped: 0, rows: new Int32Array(ROWS_FIRST * width), width, first: cells(), last: cells() };
}

/** Where the fields go; -1 where there is no room. */
export function logEvent(log: EventLog, event: number, x: number, y: number, step: number, cell: number): number {
  if (log.count >= log.max) {
    log.dropped += 1;
    return -1;
  }
  const at = log.count * log.width;
  if (at + log.width > log.rows.length) {
    const larger = new Int32Array(2 * log.rows.length);
    larger.set(log.rows);
    log.rows = larger;
  }
  const { rows } = log;
  rows[at + EVENT] = event;
  rows[at + X] = x;
  rows[at + Y] = y;
  rows[at + STEP] = step;
  rows[at + CELL] = cell;
  rows[at + NEXT] = -1;
  const last = log.last[cell]!;
  if (last < 0) log.first[cell] = at;
  else rows[last + NEXT] = at;
  log.last[cell] = at;
  log.count += 1;
  return at + HEAD;
}

/** All of them have been told to everybody. */
export function forgetEvents(log: EventLog): void {
  for (let at = 0; at < log.count * log.width; at += log.width) {
    const cell = log.rows[at + CELL]!;
    log.first[cell] = log.last[cell] = -1;
  }
  log.count = 0;
}

/** What happened in the chain's cell since its last step. */
export function encodeEvents(world: World, chain: Chain): void {
  const { events: log, writer } = world;
  const { rows } = log;
  const since = world.step - chain.rate;
  let at = log.first[chain.cell] ?? -1;
  while (at >= 0 && rows[at + STEP]! <= since) at = rows[at + NEXT]!;
  if (at < 0) return;
  writer.room(16);
  writer.writeVarint(chain.cell * 4 + SLICE.events);
  for (let isFirst = true; at >= 0; at = rows[at + NEXT]!, isFirst = false) {
    writer.room(EVENT_BYTES_MAX);
    if (!isFirst) writer.write(1, 1);
    writeEvent(writer, world, chain.cell, at);
  }
  writer.write(0, 1);
  writer.align();
}

function writeEvent(
  writer: BitWriter,
  { layout, events, step, cornerX, cornerY }: World,
  cell: number,
  at: number,
): void {
  const { rows } = events;
  const event = rows[at + EVENT]!;
  writer.write(event, layout.eventBits);
  writer.write(step - rows[at + STEP]!, 2);
  writer.write(rows[at + X]! - cornerX[cell]! - layout.margin, layout.insideBits);
  writer.write(rows[at + Y]! - cornerY[cell]! - layout.margin, layout.insideBits);
  const { fields } = layout.events[event]!;
  for (let field = 0; field < fields.length; field++) writer.write(rows[at + HEAD + field]!, fields[field]!.bits);
}
