/**
 * A match mode as data: who may meet, how that widens with waiting, and what a match looks like. Plain JSON is enough; only the
 * `options` schema is code. `matchModeProblems` refuses what nobody could ever satisfy, so that a mode that loads can match.
 *
 * Every `steps` list is sorted by `afterMs`, starts at 0 and only ever widens: a ticket that waits longer accepts at least whom
 * it accepted before. Both sides' windows must accept: the narrower one decides.
 */
import * as z from "zod";
import { METRO } from "../metro.ts";
import { faultyKeys, shapeProblems } from "./shape-problems.ts";

/** Players of one match at most: what one reservation takes. */
const MATCH_PLAYERS_MAX = 64;
const STEPS_MAX = 16;
/** Different roles in one mode: a round keeps what a player would take in one integer. */
const ROLES_MAX = 31;
const WAIT_MS_MAX = 3_600_000;

/** Spectators of one room: each is a socket that its ticks write to. */
export const SPECTATORS_MAX = 1_000;

const AfterMs = z.int().min(0).max(WAIT_MS_MAX);
/** From `afterMs` of waiting on, differences up to `max` are accepted; `null`: any. */
const Step = z.strictObject({ afterMs: AfterMs, max: z.number().positive().max(1e6).nullable() });
const Steps = z.array(Step).min(1).max(STEPS_MAX);
export type Step = z.infer<typeof Step>;

const Name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/, "1 to 32 letters, digits, _ or -");
/** How many of a team's players have the role; the rest of its seats take any role. */
const Role = z.strictObject({ name: Name, min: z.int().min(0).max(64), max: z.int().min(1).max(64) });
const Team = z.strictObject({
  seats: z.int().min(1).max(MATCH_PLAYERS_MAX),
  roles: z.array(Role).min(1).max(16).optional(),
});
export type TeamRule = z.infer<typeof Team>;

export const MatchRules = z.strictObject({
  /** The Colyseus room type; the mode's own name unless given. */
  room: z.string().min(1).max(64).optional(),
  /** One entry a team, of any sizes: `[{ seats: 5 }, { seats: 5 }]`. A lone entry is a free-for-all. */
  teams: z.array(Team).min(1).max(32),
  /** Players in one ticket at most; 1: parties may not play this mode. The largest team unless given. */
  partyMax: z.int().min(1).max(MATCH_PLAYERS_MAX).optional(),
  /** Largest difference of ratings within a match, in rating points (a new player has 1,500). */
  skill: Steps.optional(),
  /** Largest round trip of a player to the match's metro, ms. */
  latency: Steps.optional(),
  /** Attributes (keys of the options) that must be the same for everybody of a match; a ticket without one only meets tickets without. */
  same: z.array(Name).max(4).optional(),
  /** Numeric attributes that may differ by so much. */
  ranges: z
    .array(z.strictObject({ attribute: Name, steps: Steps }))
    .max(4)
    .optional(),
  /** A match may start with fewer players than seats once its oldest ticket has waited so long. */
  start: z.strictObject({ playersMin: z.int().min(1).max(MATCH_PLAYERS_MAX), afterMs: AfterMs }).optional(),
  /** Bots take the empty seats once the oldest ticket has waited so long; with at least one player. */
  bots: z.strictObject({ afterMs: AfterMs }).optional(),
  /** Tickets whose attribute is true are treated as if they had waited so much longer. */
  priority: z.strictObject({ attribute: Name, headStartMs: AfterMs }).optional(),
  /** Everybody of a match is asked and must accept within this, ms; accepters keep their age, decliners leave. */
  readyCheckMs: z.int().min(1_000).max(60_000).optional(),
  /** A running room may ask for more players while seats are free. */
  backfill: z.boolean().optional(),
  /** Longest time that a ticket lets others choose it before it chooses itself, ms; shrinks to nothing in a sparse pool. */
  holdMs: z.int().min(0).max(5_000).optional(),
  /** A ticket that waited so long ends with MATCH_TIMEOUT, ms. */
  timeoutMs: z.int().min(1_000).max(WAIT_MS_MAX).optional(),
  /** Metros that may host this mode; all when absent. */
  allowedMetros: z.array(z.string().regex(METRO)).min(1).optional(),
  /** Who may look on in a room, beside its seats; nobody when absent. */
  spectators: z.int().min(0).max(SPECTATORS_MAX).optional(),
});
export type MatchRules = z.input<typeof MatchRules>;

/** A wait after which quality stops improving for anyone who watches a spinner (HOTPATHS.md B). */
const HOLD_MS = 250;
const TIMEOUT_MS = 120_000;

/** Rules with every default filled in. */
export interface MatchMode<Options extends z.ZodType = z.ZodType, RoomName extends string = string>
  extends z.infer<typeof MatchRules> {
  readonly kind: "match";
  readonly room?: RoomName | undefined;
  readonly options?: Options | undefined;
  /** All seats of a match. */
  readonly seats: number;
  readonly partyMax: number;
  readonly holdMs: number;
  readonly timeoutMs: number;
  /** Of the last latency step: metros further than this are never used while a nearer one is up; ms. */
  readonly latencyMsMax?: number | undefined;
}

/** What a config says: rules, and a schema for the options where the mode has attributes. */
export type MatchModeInput<Options extends z.ZodType = z.ZodType, RoomName extends string = string> = MatchRules & {
  readonly options?: Options | undefined;
  readonly room?: RoomName | undefined;
};

/**
 * A mode in which tickets wait for good opponents; what it made is taken again. Wrong rules stay as they are: whoever takes modes
 * (`defineConfig`, `createMatchmaker`) refuses them with all other problems, and knows the mode's name, as this place does not.
 */
export function match<Options extends z.ZodType, const RoomName extends string = string>(
  input: MatchModeInput<Options, RoomName>,
): MatchMode<Options, RoomName> {
  if (matchModeProblems(input).length > 0) return { ...input, kind: "match" } as MatchMode<Options, RoomName>;
  const { options, room } = input;
  const { room: _room, ...rules } = MatchRules.parse(partsOf(input).rules);
  const latencyMsMax = lastLatencyOf(rules);
  return {
    kind: "match",
    ...rules,
    ...(room ? { room } : {}),
    ...(options ? { options } : {}),
    seats: seatsOf(rules.teams),
    partyMax: rules.partyMax ?? Math.max(...rules.teams.map(({ seats }) => seats)),
    holdMs: rules.holdMs ?? HOLD_MS,
    timeoutMs: rules.timeoutMs ?? TIMEOUT_MS,
    ...(latencyMsMax ? { latencyMsMax } : {}),
  };
}

/** Every problem of a match mode, as `path: what is wrong`; empty when it is good. */
export function matchModeProblems(input: unknown): string[] {
  const { options, derived, rules } = partsOf(input);
  const parsed = MatchRules.safeParse(rules);
  const problems = options === undefined || options instanceof z.ZodType ? [] : ["options: must be a zod schema"];
  if (parsed.success)
    return [...problems, ...derivedProblems(derived, parsed.data), ...contradictions(parsed.data, options)];
  return [...problems, ...shapeProblems(parsed.error, RULES), ...problemsBeside(faultyKeys(parsed.error), rules)];
}

const RULES = Object.keys(MatchRules.shape);
const MatchRulesInPart = MatchRules.partial();

/** What is wrong with the steps that have the right shape, so that they are not told of only once the rest is mended. */
function problemsBeside(faulty: ReadonlySet<string>, rules: Record<string, unknown>): string[] {
  const sound = MatchRulesInPart.safeParse(
    Object.fromEntries(Object.entries(rules).filter(([key]) => !faulty.has(key))),
  );
  // A wait that is wrong itself says nothing of when others come too late.
  return sound.success ? allStepProblems(sound.data, faulty.has("timeoutMs") ? Infinity : waitOf(sound.data)) : [];
}

type Rules = z.output<typeof MatchRules>;

/** `match` fills in what follows from the rules; a mode that came from it has both. */
function partsOf(input: unknown) {
  const { options, kind: _, seats, latencyMsMax, ...rules } = (input ?? {}) as Record<string, unknown>;
  return { options, derived: { seats, latencyMsMax }, rules };
}

const lastLatencyOf = ({ latency }: Pick<Rules, "latency">) => latency?.at(-1)?.max ?? undefined;

/** Who writes them by hand means something else than the rules say. */
function derivedProblems({ seats, latencyMsMax }: Record<string, unknown>, rules: Rules): string[] {
  const problems: string[] = [];
  const all = seatsOf(rules.teams);
  if (seats !== undefined && seats !== all) {
    problems.push(`seats: a match has those of its teams, ${all}; leave it out`);
  }
  if (latencyMsMax !== undefined && latencyMsMax !== lastLatencyOf(rules)) {
    problems.push("latencyMsMax: a match mode says it by the last step of `latency`; leave it out");
  }
  return problems;
}

/** What has the right shape and still could never match anybody. */
function contradictions(rules: Rules, options: unknown): string[] {
  const { teams, start, bots, readyCheckMs } = rules;
  const seats = seatsOf(teams);
  const largest = Math.max(...teams.map((team) => team.seats));
  const timeoutMs = waitOf(rules);
  const problems = [
    ...teams.flatMap((team, index) => roleProblems(team, `teams.${index}`)),
    ...allStepProblems(rules, timeoutMs),
  ];
  const say = (isWrong: boolean, problem: string) => void (isWrong && problems.push(problem));
  say(seats > MATCH_PLAYERS_MAX, `teams: ${seats} seats; a match has at most ${MATCH_PLAYERS_MAX}`);
  const roles = new Set(teams.flatMap((team) => (team.roles ?? []).map(({ name }) => name))).size;
  say(roles > ROLES_MAX, `teams: ${roles} different roles; a mode has at most ${ROLES_MAX}`);
  say(seats < 2 && !bots, "teams: a match of one seat would never have to wait; use fill(), or bots");
  say(
    (rules.partyMax ?? 1) > largest,
    `partyMax: a party of ${rules.partyMax} fits in no team; the largest has ${largest} seats`,
  );
  say((start?.playersMin ?? 0) > seats, `start.playersMin: ${start?.playersMin} players for ${seats} seats`);
  say((start?.afterMs ?? 0) >= timeoutMs, `start.afterMs: a ticket ends after ${timeoutMs} ms (timeoutMs)`);
  say((bots?.afterMs ?? 0) >= timeoutMs, `bots.afterMs: a ticket ends after ${timeoutMs} ms (timeoutMs)`);
  say((rules.holdMs ?? HOLD_MS) >= timeoutMs, `holdMs: a ticket ends after ${timeoutMs} ms (timeoutMs)`);
  say((readyCheckMs ?? 0) >= timeoutMs, `readyCheckMs: a ticket ends after ${timeoutMs} ms (timeoutMs)`);
  const attributes = [...(rules.same ?? []), ...(rules.ranges ?? []).map(({ attribute }) => attribute)];
  const twice = attributes.find((name, index) => attributes.indexOf(name) !== index);
  say(twice !== undefined, `same, ranges: "${twice}" is named twice`);
  const absent = [...attributes, ...(rules.priority ? [rules.priority.attribute] : [])].find(isNeverIn(options));
  say(absent !== undefined, `options: no ticket can have the attribute "${absent}"; the schema has no such key`);
  return problems;
}

/** An object schema drops or refuses the keys that it does not know, unless it says what to do with them. */
const isNeverIn = (options: unknown) => (attribute: string) =>
  options instanceof z.ZodObject &&
  !Object.hasOwn(options.shape, attribute) &&
  (options.def.catchall === undefined || options.def.catchall instanceof z.ZodNever);

function roleProblems({ seats, roles = [] }: TeamRule, path: string): string[] {
  const problems: string[] = [];
  const sum = (of: "min" | "max") => roles.reduce((total, role) => total + role[of], 0);
  for (const { name, min, max } of roles) {
    if (min > max) problems.push(`${path}.roles: "${name}" wants at least ${min} and at most ${max}`);
    if (roles.filter((role) => role.name === name).length > 1) problems.push(`${path}.roles: "${name}" is named twice`);
  }
  if (sum("min") > seats) problems.push(`${path}.roles: they want at least ${sum("min")} players in ${seats} seats`);
  if (roles.length > 0 && sum("max") < seats) {
    problems.push(`${path}.roles: they take at most ${sum("max")} players, so ${seats} seats are never filled`);
  }
  return [...new Set(problems)];
}

const waitOf = ({ timeoutMs = TIMEOUT_MS }: Pick<Rules, "timeoutMs">) => timeoutMs;

function allStepProblems(
  { skill, latency, ranges = [] }: Pick<Rules, "skill" | "latency" | "ranges">,
  timeoutMs: number,
): string[] {
  return [
    ...stepProblems(skill, "skill", timeoutMs),
    ...stepProblems(latency, "latency", timeoutMs),
    ...ranges.flatMap(({ steps }, index) => stepProblems(steps, `ranges.${index}.steps`, timeoutMs)),
  ];
}

function stepProblems(steps: readonly Step[] | undefined, path: string, timeoutMs: number): string[] {
  if (!steps) return [];
  const problems: string[] = [];
  if (steps[0]!.afterMs !== 0) problems.push(`${path}: the first step must be afterMs 0`);
  steps.slice(1).forEach((step, index) => {
    const before = steps[index]!;
    if (step.afterMs <= before.afterMs)
      problems.push(`${path}: afterMs ${step.afterMs} does not follow ${before.afterMs}`);
    if ((step.max ?? Infinity) <= (before.max ?? Infinity)) {
      problems.push(`${path}: ${step.max} after ${before.max} does not widen`);
    }
    if (step.afterMs >= timeoutMs) {
      problems.push(`${path}: nobody reaches afterMs ${step.afterMs}; a ticket ends after ${timeoutMs} ms (timeoutMs)`);
    }
  });
  return problems;
}

const seatsOf = (teams: readonly TeamRule[]) => teams.reduce((total, { seats }) => total + seats, 0);

/** What a ticket of that age accepts: the last step that it has reached; Infinity: any. A clock that was set back does not widen. */
export function widened(steps: readonly Step[] | undefined, ageMs: number): number {
  let max: number | null = null;
  for (const step of steps ?? []) if (step.afterMs <= Math.max(0, ageMs)) max = step.max;
  return max ?? Number.POSITIVE_INFINITY;
}
