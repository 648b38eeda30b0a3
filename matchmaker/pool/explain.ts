/**
 * What keeps a ticket waiting, in plain sentences. Those whom its window reaches are judged by each rule in turn, and the first rule
 * that says no counts; a bounded number of them, because every waiting player is told from time to time.
 */
import { widened } from "@frontrow/shared/config/match-mode.ts";
import { avoidEachOther } from "./avoids.ts";
import { BINS, BLOCK, binOf, ENTRIES, LINKS, NEXT, NONE, USED } from "./bins.ts";
import { nextBit } from "./bits.ts";
import type { Core } from "./core.ts";
import { FLOATS, GROUP, HELD_UNTIL, HIGHEST, INTS, LOWEST, PLACE, RANGE, SINCE, SIZE, STAGE } from "./records.ts";
import { count, ms, points, seconds } from "./why.ts";
import type { PoolTicket } from "./words.ts";

/** Tickets that one explanation judges: some ten microseconds. */
const NEARBY_MAX = 256;

export function explain(core: Core, key: string, nowMs: number): string[] {
  const slot = core.keys.find(key);
  if (slot < 0) return [];
  return [...others(core, slot), ...roles(core, slot), ...whatComes(core, slot, nowMs)];
}

/** Who else is there, and which rule keeps them apart. */
function others(core: Core, slot: number): string[] {
  const { records, rules } = core;
  const { mode } = rules;
  const { floats, ints } = records;
  const near = nearby(core, slot);
  const counts = new Map<string, number>();
  let tickets = 0;
  let players = 0;
  for (const other of near) {
    const rule = firstRuleAgainst(core, slot, other);
    if (rule === undefined) {
      tickets++;
      players += ints[other * INTS + SIZE]!;
    } else counts.set(rule, (counts.get(rule) ?? 0) + 1);
  }
  const stage = ints[slot * INTS + STAGE]!;
  const sentences: string[] = [];
  const ownSpread = floats[slot * FLOATS + HIGHEST]! - floats[slot * FLOATS + LOWEST]!;
  if (ownSpread > rules.skill[stage]!) {
    const window = rules.skill[stage];
    sentences.push(`its own players are ${Math.round(ownSpread)} rating points apart, its window is ${window}`);
  }
  if (placesOf(records, slot).length === 0) sentences.push(unlistedSentence(core, slot, stage));
  const within = mode.skill ? `within its ${pointsOf(rules.skill[stage]!)}` : "there that it could meet";
  const missing = mode.seats - ints[slot * INTS + SIZE]! - players;
  const atLeast = near.size === NEARBY_MAX ? "at least " : "";
  sentences.push(
    missing > 0
      ? `${atLeast}${are(tickets)} ${within}; ${missing} more ${missing === 1 ? "is" : "are"} needed`
      : `${atLeast}${are(tickets)} ${within}, enough in number, but they do not all agree with one another or fill the teams`,
  );
  for (const [rule, n] of counts) sentences.push(`${are(n)} ${rule}`);
  const far = core.keys.size - 1 - near.size;
  if (far > 0 && near.size < NEARBY_MAX) sentences.push(`${are(far)} out of its reach by ${orList(apartBy(mode))}`);
  return sentences;
}

/** What tells those apart who are not near at all. */
const apartBy = ({ skill, same = [], ranges = [] }: Core["rules"]["mode"]): string[] => [
  ...(skill ? ["rating"] : []),
  "metro",
  ...same,
  ...ranges.map(({ attribute }) => attribute),
];
const orList = (ints: readonly string[]) => ints.join(", ").replace(/, ([^,]*)$/, " or $1");

/** Tickets in the bins that its window reaches, in all its metros; a bounded number. */
function nearby({ records, rules, bins }: Core, slot: number): Set<number> {
  const { floats, ints } = records;
  const window = rules.skill[ints[slot * INTS + STAGE]!]!;
  const [first, last] = rules.isSkilled
    ? [binOf(floats[slot * FLOATS + HIGHEST]! - window), binOf(floats[slot * FLOATS + LOWEST]! + window)]
    : [0, 0];
  const near = new Set<number>();
  for (const row of rowsOf({ bins, records }, slot)) {
    for (let kind = row * bins.kinds; kind < (row + 1) * bins.kinds; kind++) {
      const end = kind * BINS + last + 1;
      for (
        let list = nextBit(bins.bits, kind * BINS + first, end);
        list >= 0;
        list = nextBit(bins.bits, list + 1, end)
      ) {
        for (let block = bins.ends[list * 2]!; block !== NONE; block = bins.blocks[block * BLOCK + NEXT]!) {
          for (let n = 0; n < bins.blocks[block * BLOCK + USED]!; n++) {
            const other = bins.blocks[block * BLOCK + ENTRIES + 2 * n]!;
            if (other !== slot && other !== NONE) near.add(other);
            if (near.size === NEARBY_MAX) return near;
          }
        }
      }
    }
  }
  return near;
}

const placesOf = (records: Core["records"], slot: number) =>
  records.ints.subarray(slot * INTS + PLACE, slot * INTS + PLACE + LINKS).filter((place) => place !== NONE);
const rowsOf = ({ records, bins }: Pick<Core, "records" | "bins">, slot: number) =>
  Array.from(placesOf(records, slot), (place) => Math.floor(bins.listOf(place) / (bins.kinds * BINS)));

const are = (tickets: number) => `${count(tickets, "ticket")} ${tickets === 1 ? "is" : "are"}`;
const pointsOf = (window: number) =>
  window === Number.POSITIVE_INFINITY ? "unlimited rating window" : `${window} rating points`;

/** The rule by which two tickets cannot meet now; undefined: they can. */
function firstRuleAgainst({ records, rules }: Core, a: number, b: number): string | undefined {
  const { floats, ints } = records;
  const { mode } = rules;
  if (ints[a * INTS + GROUP] !== ints[b * INTS + GROUP]) {
    return `left out because of other values of ${[...(mode.same ?? []), ...(mode.ranges ?? []).map(({ attribute }) => attribute)].join(", ")}`;
  }
  const [stageA, stageB] = [ints[a * INTS + STAGE]!, ints[b * INTS + STAGE]!];
  const spread =
    Math.max(floats[a * FLOATS + HIGHEST]!, floats[b * FLOATS + HIGHEST]!) -
    Math.min(floats[a * FLOATS + LOWEST]!, floats[b * FLOATS + LOWEST]!);
  if (spread > rules.skill[stageA]!) return "outside its rating window";
  if (spread > rules.skill[stageB]!) return "within its rating window, but it is not yet within theirs";
  for (const [range, { attribute }] of (mode.ranges ?? []).entries()) {
    const apart = Math.abs(floats[a * FLOATS + RANGE + range]! - floats[b * FLOATS + RANGE + range]!);
    if (apart > Math.min(rules.ranges[range]![stageA]!, rules.ranges[range]![stageB]!))
      return `too far away in ${attribute}`;
  }
  return avoidEachOther(records, a, b) ? "left out by avoid lists" : undefined;
}

function unlistedSentence({ records, rules }: Core, slot: number, stage: number): string {
  const { metros } = records.entries[slot] as PoolTicket;
  const allowed = metros.filter(({ metro }) => rules.mode.allowedMetros?.includes(metro) ?? true);
  const nearest = allowed.reduce((best, { rttMs }) => Math.min(best, rttMs), Number.POSITIVE_INFINITY);
  return nearest === Number.POSITIVE_INFINITY
    ? "none of the metros that it can reach may host this mode"
    : `its nearest metro is ${Math.round(nearest)} ms away, its latency limit is ${ms(rules.latencyMs[stage]!)}`;
}

/** Roles that nobody who fits would take. */
function roles(core: Core, slot: number): string[] {
  const { rules, records } = core;
  if (rules.roleNames.length === 0) return [];
  const there = [slot, ...[...nearby(core, slot)].filter((other) => firstRuleAgainst(core, slot, other) === undefined)];
  const sentences = rules.roleNames.flatMap((name, role) => {
    const needed = rules.teams.reduce(
      (sum, team) => sum + (team.roles.find(({ bit }) => bit === 1 << role)?.min ?? 0),
      0,
    );
    const would = there.reduce(
      (sum, each) => sum + records.masks[each]!.filter((mask) => (mask >> role) & 1).length,
      0,
    );
    return would < needed ? [`${needed} players must play "${name}"; ${would} would`] : [];
  });
  const strange = records.masks[slot]!.filter((mask) => mask === 0).length;
  if (strange > 0) sentences.push(`${count(strange, "of its players")} would take none of the mode's roles`);
  return sentences;
}

/** What changes by itself, and when. */
function whatComes({ rules, records }: Core, slot: number, nowMs: number): string[] {
  const { mode } = rules;
  const ageMs = nowMs - records.floats[slot * FLOATS + SINCE]!;
  const inTime = (afterMs: number) => `in ${seconds(afterMs - ageMs)}`;
  const sentences: string[] = [];
  const heldMs = records.floats[slot * FLOATS + HELD_UNTIL]! - nowMs;
  if (heldMs > 0) sentences.push(`it lets others choose it for another ${Math.ceil(heldMs)} ms before it looks itself`);
  const nextOf = (steps: readonly { afterMs: number; max: number | null }[] | undefined) =>
    steps?.find(({ afterMs }) => afterMs > ageMs);
  const skill = nextOf(mode.skill);
  if (skill) {
    const max = skill.max === null ? "any rating" : `${skill.max}`;
    sentences.push(`its skill window widens to ${max} ${inTime(skill.afterMs)}`);
  } else if (mode.skill && mode.skill.length > 1) {
    sentences.push(`its skill window is at its widest, ${points(widened(mode.skill, ageMs))}`);
  }
  const latency = nextOf(mode.latency);
  if (latency) {
    const limit = latency.max ?? Number.POSITIVE_INFINITY;
    const { metros } = records.entries[slot] as PoolTicket;
    const now = widened(mode.latency, ageMs);
    const opened = metros.filter(({ rttMs }) => rttMs > now && rttMs <= limit).map(({ metro }) => metro);
    const there = opened.length > 0 ? `, which opens ${opened.join(", ")}` : "";
    sentences.push(`its latency limit widens to ${ms(limit)} ${inTime(latency.afterMs)}${there}`);
  }
  for (const { attribute, steps } of mode.ranges ?? []) {
    const range = nextOf(steps);
    if (range) sentences.push(`its range of ${attribute} widens to ${range.max ?? "any"} ${inTime(range.afterMs)}`);
  }
  if (mode.start) {
    sentences.push(
      mode.start.afterMs > ageMs
        ? `${mode.start.playersMin} players suffice ${inTime(mode.start.afterMs)}`
        : `${mode.start.playersMin} players suffice now`,
    );
  }
  if (mode.bots && mode.bots.afterMs > ageMs) sentences.push(`bots take the empty seats ${inTime(mode.bots.afterMs)}`);
  return sentences;
}
