/**
 * What keeps a ticket waiting, in plain sentences. Those whom its window reaches are judged by each rule in turn, and the first rule
 * that says no counts; a bounded number of them, because every waiting player is told from time to time.
 */
import { widened } from "@frontrow/shared/config/match-mode.ts";
import { avoidEachOther } from "./avoids.ts";
import { BINS, binOf, LINKS, NONE } from "./bins.ts";
import { nextBit } from "./bits.ts";
import { FACTS, GROUP, HIGHEST, LOWEST, RANGE, SINCE, SIZE, STAGE, WORDS } from "./columns.ts";
import type { Core } from "./core.ts";
import { count, ms, points, seconds } from "./why.ts";
import type { PoolTicket } from "./words.ts";

/** Tickets that one explanation judges: some ten microseconds. */
const NEARBY_MAX = 256;

export function explain(core: Core, key: string, nowMs: number): string[] {
  const slot = core.slots.get(key);
  if (slot === undefined) return [];
  return [...others(core, slot), ...roles(core, slot), ...whatComes(core, slot, nowMs)];
}

/** Who else is there, and which rule keeps them apart. */
function others(core: Core, slot: number): string[] {
  const { columns, rules } = core;
  const { mode } = rules;
  const { facts, words } = columns;
  const near = nearby(core, slot);
  const counts = new Map<string, number>();
  let tickets = 0;
  let players = 0;
  for (const other of near) {
    const rule = firstRuleAgainst(core, slot, other);
    if (rule === undefined) {
      tickets++;
      players += words[other * WORDS + SIZE]!;
    } else counts.set(rule, (counts.get(rule) ?? 0) + 1);
  }
  const stage = words[slot * WORDS + STAGE]!;
  const sentences: string[] = [];
  const ownSpread = facts[slot * FACTS + HIGHEST]! - facts[slot * FACTS + LOWEST]!;
  if (ownSpread > rules.skill[stage]!) {
    const window = rules.skill[stage];
    sentences.push(`its own players are ${Math.round(ownSpread)} rating points apart, its window is ${window}`);
  }
  if (!isListed(core, slot)) sentences.push(unlistedSentence(core, slot, stage));
  const within = mode.skill ? `within its ${pointsOf(rules.skill[stage]!)}` : "there that it could meet";
  const missing = mode.seats - words[slot * WORDS + SIZE]! - players;
  const atLeast = near.size === NEARBY_MAX ? "at least " : "";
  sentences.push(
    missing > 0
      ? `${atLeast}${are(tickets)} ${within}; ${missing} more ${missing === 1 ? "is" : "are"} needed`
      : `${atLeast}${are(tickets)} ${within}, enough in number, but they do not all agree with one another or fill the teams`,
  );
  for (const [rule, n] of counts) sentences.push(`${are(n)} ${rule}`);
  const far = core.slots.size - 1 - near.size;
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
const orList = (words: readonly string[]) => words.join(", ").replace(/, ([^,]*)$/, " or $1");

/** Tickets in the bins that its window reaches, in all its metros; a bounded number. */
function nearby({ columns, rules, bins }: Core, slot: number): Set<number> {
  const { facts, words } = columns;
  const window = rules.skill[words[slot * WORDS + STAGE]!]!;
  const [first, last] = rules.isSkilled
    ? [binOf(facts[slot * FACTS + HIGHEST]! - window), binOf(facts[slot * FACTS + LOWEST]! + window)]
    : [0, 0];
  const near = new Set<number>();
  for (const row of rowsOf(bins, slot)) {
    for (let kind = row * bins.kinds; kind < (row + 1) * bins.kinds; kind++) {
      const end = kind * BINS + last + 1;
      for (
        let list = nextBit(bins.bits, kind * BINS + first, end);
        list >= 0;
        list = nextBit(bins.bits, list + 1, end)
      ) {
        for (let node = bins.ends[list * 2]!; node !== NONE; node = bins.links[node * 2]!) {
          const other = Math.floor(node / LINKS);
          if (other !== slot) near.add(other);
          if (near.size === NEARBY_MAX) return near;
        }
      }
    }
  }
  return near;
}

const rowsOf = (bins: Core["bins"], slot: number) =>
  Array.from(bins.lists.subarray(slot * LINKS, (slot + 1) * LINKS), (list) =>
    list === NONE ? NONE : Math.floor(list / (bins.kinds * BINS)),
  ).filter((row) => row !== NONE);

const are = (tickets: number) => `${count(tickets, "ticket")} ${tickets === 1 ? "is" : "are"}`;
const pointsOf = (window: number) =>
  window === Number.POSITIVE_INFINITY ? "unlimited rating window" : `${window} rating points`;

/** The rule by which two tickets cannot meet now; undefined: they can. */
function firstRuleAgainst({ columns, rules }: Core, a: number, b: number): string | undefined {
  const { facts, words } = columns;
  const { mode } = rules;
  if (words[a * WORDS + GROUP] !== words[b * WORDS + GROUP]) {
    return `left out because of other values of ${[...(mode.same ?? []), ...(mode.ranges ?? []).map(({ attribute }) => attribute)].join(", ")}`;
  }
  const [stageA, stageB] = [words[a * WORDS + STAGE]!, words[b * WORDS + STAGE]!];
  const spread =
    Math.max(facts[a * FACTS + HIGHEST]!, facts[b * FACTS + HIGHEST]!) -
    Math.min(facts[a * FACTS + LOWEST]!, facts[b * FACTS + LOWEST]!);
  if (spread > rules.skill[stageA]!) return "outside its rating window";
  if (spread > rules.skill[stageB]!) return "within its rating window, but it is not yet within theirs";
  for (const [range, { attribute }] of (mode.ranges ?? []).entries()) {
    const apart = Math.abs(facts[a * FACTS + RANGE + range]! - facts[b * FACTS + RANGE + range]!);
    if (apart > Math.min(rules.ranges[range]![stageA]!, rules.ranges[range]![stageB]!))
      return `too far away in ${attribute}`;
  }
  return avoidEachOther(columns, a, b) ? "left out by avoid lists" : undefined;
}

const isListed = ({ bins }: Core, slot: number) =>
  bins.lists.subarray(slot * LINKS, (slot + 1) * LINKS).some((list) => list !== NONE);

function unlistedSentence({ columns, rules }: Core, slot: number, stage: number): string {
  const { metros } = columns.entries[slot] as PoolTicket;
  const allowed = metros.filter(({ metro }) => rules.mode.allowedMetros?.includes(metro) ?? true);
  const nearest = allowed.reduce((best, { rttMs }) => Math.min(best, rttMs), Number.POSITIVE_INFINITY);
  return nearest === Number.POSITIVE_INFINITY
    ? "none of the metros that it can reach may host this mode"
    : `its nearest metro is ${Math.round(nearest)} ms away, its latency limit is ${ms(rules.latencyMs[stage]!)}`;
}

/** Roles that nobody who fits would take. */
function roles(core: Core, slot: number): string[] {
  const { rules, columns } = core;
  if (rules.roleNames.length === 0) return [];
  const there = [slot, ...[...nearby(core, slot)].filter((other) => firstRuleAgainst(core, slot, other) === undefined)];
  const sentences = rules.roleNames.flatMap((name, role) => {
    const needed = rules.teams.reduce(
      (sum, team) => sum + (team.roles.find(({ bit }) => bit === 1 << role)?.min ?? 0),
      0,
    );
    const would = there.reduce(
      (sum, each) => sum + columns.masks[each]!.filter((mask) => (mask >> role) & 1).length,
      0,
    );
    return would < needed ? [`${needed} players must play "${name}"; ${would} would`] : [];
  });
  const strange = columns.masks[slot]!.filter((mask) => mask === 0).length;
  if (strange > 0) sentences.push(`${count(strange, "of its players")} would take none of the mode's roles`);
  return sentences;
}

/** What changes by itself, and when. */
function whatComes({ rules, columns }: Core, slot: number, nowMs: number): string[] {
  const { mode } = rules;
  const ageMs = nowMs - columns.facts[slot * FACTS + SINCE]!;
  const inTime = (afterMs: number) => `in ${seconds(afterMs - ageMs)}`;
  const sentences: string[] = [];
  const heldMs = columns.heldUntilMs[slot]! - nowMs;
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
    const { metros } = columns.entries[slot] as PoolTicket;
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
