/**
 * One round: a pool -> proposals. Whoever something changed for since the last round (it came, its hold ended, one of its rules
 * widened, a room asked) looks for a match, longest waiting first; nobody else is touched. A round is cut into slices of
 * `anchorsMax` looks, fewer where they are dear, so that it never blocks its process; what is left comes first in the next one.
 */
import { LINKS, NONE } from "./pool/bins.ts";
import type { Core } from "./pool/core.ts";
import type { Pool } from "./pool/pool.ts";
import { propose } from "./pool/propose.ts";
import { FLOATS, GROUP, INTS, MEAN, METRO, PLACE, SIZE, STAGE } from "./pool/records.ts";
import type { MatchProposal, RoundInput, RoundResult } from "./pool/words.ts";

/** Timers that one slice calls, for each look that it may take and at least: a pool that was taken over comes due at once. */
const TIMERS_PER_LOOK = 8;
const TIMERS_MIN = 256;
/** What the looks of one slice cost at most (`Search.effort`): some two milliseconds, if `anchorsMax` allows that many. */
const EFFORT_MAX = 100_000;
/** Running rooms in one metro that a ticket asks before it looks itself; the longest open ones. */
const ROOMS_ASKED_MAX = 64;

export function runRound(pool: Pool, { nowMs, rng, anchorsMax }: RoundInput): RoundResult {
  const { core, search } = pool;
  if (nowMs > core.nowMs) core.nowMs = nowMs;
  const isLate = core.wheel.advance(core.nowMs, Math.max(TIMERS_MIN, anchorsMax * TIMERS_PER_LOOK));
  const proposals: MatchProposal[] = [];
  const effortMax = search.effort + EFFORT_MAX;
  for (let left = anchorsMax; left > 0 && search.effort < effortMax && core.looks.pop(); ) {
    const { slot, seq } = core.looks;
    if (!core.records.isStill(slot, seq)) continue;
    left--;
    if (core.rooms.size > 0 && core.records.ints[slot * INTS + SIZE] !== 0) askRooms(pool, slot, seq, proposals, rng);
    if (core.records.isStill(slot, seq) && search.look(slot)) take(pool, proposals, rng);
  }
  return { proposals, more: isLate || core.looks.count > 0 };
}

/** A running room that misses players comes before a new match: its players play short-handed meanwhile. */
function askRooms(pool: Pool, slot: number, seq: number, proposals: MatchProposal[], rng: () => number): void {
  const { core, search } = pool;
  const { ints } = core.records;
  for (let link = 0; link < LINKS; link++) {
    if (ints[slot * INTS + PLACE + link] === NONE) continue;
    const rooms = core.roomsIn[ints[slot * INTS + METRO + link]!] ?? [];
    for (let at = 0; at < rooms.length && at < ROOMS_ASKED_MAX; ) {
      if (!mayJoin(core, slot, rooms[at]!) || !search.look(rooms[at]!)) {
        at++;
        continue;
      }
      take(pool, proposals, rng);
      if (!core.records.isStill(slot, seq)) return;
    }
  }
}

/** Cheap, and rather yes than no: the search decides. */
function mayJoin({ records: { floats, ints }, rules }: Core, slot: number, room: number): boolean {
  if (ints[slot * INTS + GROUP] !== ints[room * INTS + GROUP]) return false;
  const apart = Math.abs(floats[slot * FLOATS + MEAN]! - floats[room * FLOATS + MEAN]!);
  return apart <= rules.skill[ints[slot * INTS + STAGE]!]! && apart <= rules.skill[ints[room * INTS + STAGE]!]!;
}

function take({ core, search, estimates }: Pool, proposals: MatchProposal[], rng: () => number): void {
  const { found } = search;
  for (let k = 0; k < found.count; k++) {
    estimates.matched(
      core.records.floats[found.slots[k]! * FLOATS + MEAN]!,
      core.nowMs - core.sinceMsOf(found.slots[k]!),
    );
  }
  proposals.push(propose(core, found, rng));
}
