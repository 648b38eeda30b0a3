/**
 * One step of the stream: each chain that is due tells what changed since its last, once, for all who follow it; where somebody does not
 * hold it yet, also a keyframe; where somebody's checksum is due, its sum. Nothing is encoded later: what a room sets afterwards belongs to
 * the next step.
 */
import { RATES, SLICE, SLOTS_ORDER, SLOWEST } from "@frontrow/shared/stream/layout.ts";
import { entityHash, mixed } from "@frontrow/shared/stream/state.ts";
import { encodeDelta } from "./encode-delta.ts";
import { encodeRecord, hold, RECORD_BYTES_MAX } from "./encode-record.ts";
import { idOf, NOW } from "./entities.ts";
import { encodeEvents, forgetEvents } from "./events.ts";
import { layDown, ROW, SLOT } from "./slots.ts";
import { type Chain, REST_STEPS, SAID, type World } from "./world.ts";

export function encodeStep(world: World): void {
  const { followed, events, step } = world;
  for (let ring = 0; ring < RATES.length; ring++) {
    if (step % RATES[ring]! !== 0) continue;
    const chains = followed[ring]!;
    for (let at = 0; at < chains.length; at++) encodeChain(world, chains[at]!);
  }
  if (step % SLOWEST === 0) forgetEvents(events);
}

function encodeChain(world: World, chain: Chain): void {
  const { step, writer, said } = world;
  const begin = writer.at;
  if (chain.steppedAt < 0) start(world, chain);
  else encodeDelta(world, chain);
  chain.steppedAt = step;
  const eventsAt = writer.at;
  if (world.events.count > 0) encodeEvents(world, chain);
  if (writer.at > begin) {
    const place = chain.id * SAID;
    said[place] = step;
    said[place + 1] = begin;
    said[place + 2] = writer.at;
    said[place + 3] = eventsAt;
  }
  if (chain.keyframeFor === step) encodeKeyframe(world, chain);
  if (chain.checksumFor === step && chain.checksumAt < 0) takeChecksum(world, chain);
}

/** Takes what is in the cell now: whoever has not changed lately rests from the beginning. */
function start(world: World, chain: Chain): void {
  const { entities, newest, step } = world;
  const table = entities.tables[chain.ring]!;
  for (let row = newest[chain.cell]!; row >= 0; row = entities.next[row]!) hold(world, chain, row, 0, 0, 0);
  for (let at = chain.awake - 1; at >= 0; at--) {
    const row = chain.slots[at * SLOT + ROW]!;
    if (entities.changedAt[row]! + REST_STEPS > step) continue;
    layDown(chain, table, at);
    entities.asleep[row]! |= 1 << chain.ring;
  }
  chain.checksumAt = -1;
}

function encodeKeyframe(world: World, chain: Chain): void {
  const { writer } = world;
  writer.room(16);
  chain.keyframeStep = world.step;
  chain.keyframeAt = writer.at;
  writer.writeVarint(chain.cell * 4 + SLICE.keyframe);
  writer.write(chain.ring, 2);
  writer.writeCount(chain.count, SLOTS_ORDER);
  writer.write(chain.awake, 32 - Math.clz32(chain.count));
  for (let at = 0; at < chain.count; at++) {
    writer.room(RECORD_BYTES_MAX);
    encodeRecord(world, chain, at, at < chain.awake);
  }
  writer.align();
  chain.keyframeEnd = writer.at;
}

function takeChecksum(world: World, chain: Chain): void {
  const { entities, layout } = world;
  const { now, kind, fields } = entities;
  let sum = 0;
  for (let at = 0; at < chain.count; at++) {
    const row = chain.slots[at * SLOT + ROW]!;
    const n = row * NOW;
    let hash = entityHash(idOf(entities, row), kind[row]!, now[n]!, now[n + 1]!, now[n + 2]!);
    const count = layout.kinds[kind[row]!]!.fields.length;
    for (let field = 0; field < count; field++) hash = mixed(hash, fields[row * layout.fieldsMost + field]!);
    sum = (sum + hash) | 0;
  }
  chain.checksum = sum;
  chain.checksumAt = world.step;
}
