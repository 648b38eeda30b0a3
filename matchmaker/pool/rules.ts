/**
 * A mode's rules as tables by stage. A stage begins whenever a rule widens for a ticket of that age, so what a ticket accepts is
 * one look-up by its stage, and its next stage is the only thing about it that time can change.
 */
import { type MatchMode, type TeamRule, widened } from "@frontrow/shared/config/match-mode.ts";

/** A ticket is listed in its three nearest metros at first, and in all that it accepts once it has waited so long, ms. */
export const EVERY_METRO_AFTER_MS = 2_000;
export const METROS_AT_FIRST = 3;

/** Up to so many seats teams are searched exactly: 15,400 splits at worst (four teams of three). */
export const SEATS_EXACT_MAX = 12;

export interface TeamShape {
  readonly seats: number;
  /** Of each role: its bit in a player's mask, and its bounds. Empty: a team without roles. */
  readonly roles: readonly { readonly bit: number; readonly min: number; readonly max: number }[];
}

export interface Rules {
  readonly mode: MatchMode;
  readonly teams: readonly TeamShape[];
  /** By team, the first team of the same shape. */
  readonly twins: readonly number[];
  /** Of most matches. */
  readonly noBots: readonly number[];
  /** Every role of the mode; the index is its bit. */
  readonly roleNames: readonly string[];
  readonly isSkilled: boolean;
  /** When each stage begins, ms of waiting; the first is 0. */
  readonly afterMs: Float64Array;
  /** By stage: 1 when a rule widens where it begins. */
  readonly widens: Uint8Array;
  /** By stage: rating points; Infinity: any. */
  readonly skill: Float64Array;
  /** By stage: ms. */
  readonly latencyMs: Float64Array;
  /** By range, then by stage. */
  readonly ranges: readonly Float64Array[];
  /** By stage: 1 when the ticket lets a match start with fewer players, or with bots. */
  readonly mayStart: Uint8Array;
  readonly mayBots: Uint8Array;
  /** By stage: metros in which a ticket is listed at most. */
  readonly metrosMax: Uint8Array;
}

export function compileRules(mode: MatchMode): Rules {
  const lists = [mode.skill, mode.latency, ...(mode.ranges ?? []).map(({ steps }) => steps)];
  const widenings = new Set([
    ...lists.flatMap((steps) => (steps ?? []).map(({ afterMs }) => afterMs)),
    ...[mode.start, mode.bots].flatMap((rule) => (rule ? [rule.afterMs] : [])),
  ]);
  const afterMs = Float64Array.from([...new Set([0, EVERY_METRO_AFTER_MS, ...widenings])].sort((a, b) => a - b));
  const flag = (rule: { afterMs: number } | undefined) =>
    Uint8Array.from(afterMs, (ms) => (rule !== undefined && ms >= rule.afterMs ? 1 : 0));
  const roleNames = [...new Set(mode.teams.flatMap(({ roles }) => (roles ?? []).map(({ name }) => name)))];
  const teams = mode.teams.map((team) => shapeOf(team, roleNames));
  const shapes = teams.map((team) => JSON.stringify(team));
  return {
    mode,
    teams,
    twins: shapes.map((shape) => shapes.indexOf(shape)),
    noBots: Object.freeze(teams.map(() => 0)),
    roleNames,
    isSkilled: mode.skill !== undefined,
    afterMs,
    widens: Uint8Array.from(afterMs, (ms) => (widenings.has(ms) ? 1 : 0)),
    skill: afterMs.map((ms) => widened(mode.skill, ms)),
    latencyMs: afterMs.map((ms) => widened(mode.latency, ms)),
    ranges: (mode.ranges ?? []).map(({ steps }) => afterMs.map((ms) => widened(steps, ms))),
    mayStart: flag(mode.start),
    mayBots: flag(mode.bots),
    metrosMax: Uint8Array.from(afterMs, (ms) => (ms >= EVERY_METRO_AFTER_MS ? 255 : METROS_AT_FIRST)),
  };
}

const shapeOf = ({ seats, roles = [] }: TeamRule, names: readonly string[]): TeamShape => ({
  seats,
  roles: roles.map(({ name, min, max }) => ({ bit: 1 << names.indexOf(name), min, max })),
});

/** The last stage that a ticket of that age has reached, from `stage` on. */
export function stageAt({ afterMs }: Rules, ageMs: number, stage = 0): number {
  let at = stage;
  while (at + 1 < afterMs.length && afterMs[at + 1]! <= ageMs) at++;
  return at;
}

/** The roles that a player would take, as a mask; unknown names count for nothing. */
export function roleMask({ roleNames }: Rules, wishes: readonly string[]): number {
  if (wishes.length === 0) return -1;
  let mask = 0;
  for (const name of wishes) {
    const at = roleNames.indexOf(name);
    if (at >= 0) mask |= 1 << at;
  }
  return mask;
}

/** Its priority counts as waiting. */
export function effectiveSinceMs(
  { mode }: Rules,
  sinceMs: number,
  attributes: Readonly<Record<string, unknown>>,
): number {
  const { priority } = mode;
  return priority && attributes[priority.attribute] === true ? sinceMs - priority.headStartMs : sinceMs;
}
