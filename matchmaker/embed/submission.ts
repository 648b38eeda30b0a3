/**
 * What a server may submit: one party's wish for a match, its players named by the server itself. Everything is checked before
 * anything is held, so that a mistake is told to who made it and not to a player who waits.
 */
import { checkOptions } from "@frontrow/shared/config/check-options.ts";
import type { MatchMode } from "@frontrow/shared/config/match-mode.ts";
import { COMPAT_ANY } from "@frontrow/shared/config/modes.ts";
import { FrontrowError } from "@frontrow/shared/errors.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import { METRO } from "@frontrow/shared/metro.ts";
import { modeHint } from "@frontrow/shared/nearest.ts";
import { AVOID_MAX, METROS_PER_TICKET } from "../pool/words.ts";

export interface SubmittedPlayer {
  /** The player's id in the studio's own words, 1 to 64 characters. */
  readonly id: string;
  /** Roles that the player would take, best first; any unless given. */
  readonly role?: string | readonly string[] | undefined;
}

export interface Submission<Mode extends string = string, Attributes = Record<string, unknown>> {
  readonly mode: Mode;
  /** The party; one or more, who play together. */
  readonly players: readonly SubmittedPlayer[];
  /** What the mode's rules look at and its room receives; of the mode's `options` shape. */
  readonly attributes?: Attributes | undefined;
  /** Round trip of the worst placed player to each metro, ms; the matchmaker's own at 0 unless given. */
  readonly metros?: Readonly<Record<string, number>> | undefined;
  /** Player ids not to be met, at most 16. */
  readonly avoid?: readonly string[] | undefined;
  /** Of an earlier ticket of the same players and mode: keeps its age. */
  readonly receipt?: string | undefined;
  /** Which builds may meet, as the config's compat table names it. */
  readonly compat?: string | undefined;
}

export interface Wish {
  readonly mode: string;
  readonly rules: MatchMode;
  readonly compat: string;
  readonly players: readonly { readonly playerId: string; readonly options: Record<string, unknown> }[];
  /** Nearest first. */
  readonly metros: readonly { readonly metro: string; readonly rttMs: number }[];
  readonly avoid: readonly string[];
  readonly receipt: string | undefined;
}

export interface SubmissionRules {
  readonly modes: Readonly<Record<string, MatchMode>>;
  /** Names of the compat table; undefined: everybody plays with everybody. */
  readonly compats: readonly string[] | undefined;
  /** Where a ticket without metros plays. */
  readonly metro: string;
  /** Whether a match may also be for another metro. */
  readonly anyMetro: boolean;
  readonly limits: Pick<Limits, "joinOptionsBytes">;
}

export const PLAYER_ID_CHARS_MAX = 64;

/** The wish, or a thrown FrontrowError with every issue of the kind that was found first. */
export function checkSubmission(submission: Submission, rules: SubmissionRules): Wish {
  const mode = matchModeNamed(submission.mode, rules.modes);
  const issues = [...playerIssues(submission.players, mode), ...avoidIssues(submission.avoid)];
  if (issues.length > 0) throw new FrontrowError("BAD_REQUEST", undefined, { issues });
  return {
    mode: submission.mode,
    rules: mode,
    compat: compatOf(submission.compat, rules.compats),
    players: submission.players.map((player) => ({
      playerId: player.id,
      options: optionsOf(player, submission.attributes ?? {}, mode, rules.limits.joinOptionsBytes),
    })),
    metros: metrosOf(submission.metros, mode, rules),
    avoid: submission.avoid ?? [],
    receipt: submission.receipt,
  };
}

/** Throws UNKNOWN_MODE, with the nearest name that there is, or all of them. */
export function matchModeNamed(name: string, modes: Readonly<Record<string, MatchMode>>): MatchMode {
  const mode = Object.hasOwn(modes, name) ? modes[name] : undefined;
  if (mode) return mode;
  throw new FrontrowError("UNKNOWN_MODE", modeHint(name, Object.keys(modes)));
}

function playerIssues(players: readonly SubmittedPlayer[], mode: MatchMode): string[] {
  const issues: string[] = [];
  if (players.length < 1) issues.push("players: a ticket has at least one");
  if (players.length > mode.partyMax) {
    issues.push(`players: a party of this mode has at most ${mode.partyMax}, not ${players.length}`);
  }
  issues.push(...idIssues(players.map(({ id }) => id)));
  const known = [...new Set(mode.teams.flatMap(({ roles = [] }) => roles.map(({ name }) => name)))];
  players.forEach(({ role = [] }, index) => {
    for (const wanted of typeof role === "string" ? [role] : role) {
      if (known.includes(wanted)) continue;
      const says = known.length > 0 ? `roles of this mode are ${known.join(", ")}` : "this mode has no roles";
      issues.push(`players.${index}.role: ${says}, not "${wanted}"`);
    }
  });
  return issues;
}

export function idIssues(ids: readonly string[]): string[] {
  return ids.flatMap((id, index) => {
    if (id.length < 1 || id.length > PLAYER_ID_CHARS_MAX) {
      return [`players.${index}.id: 1 to ${PLAYER_ID_CHARS_MAX} characters`];
    }
    return ids.indexOf(id) < index ? [`players.${index}.id: "${id}" is named twice`] : [];
  });
}

function avoidIssues(avoid: readonly string[] = []): string[] {
  return avoid.length > AVOID_MAX ? [`avoid: at most ${AVOID_MAX} players, not ${avoid.length}`] : [];
}

export function compatOf(compat: string | undefined, known: readonly string[] | undefined): string {
  if (!known) return COMPAT_ANY;
  if (compat !== undefined && known.includes(compat)) return compat;
  throw new FrontrowError("BAD_REQUEST", undefined, { issues: [`compat: one of ${known.join(", ")}`] });
}

/** Throws INVALID_ATTRIBUTES. They travel as they were given; the pool and the room get what the mode's schema makes of them. */
function optionsOf(
  { role }: SubmittedPlayer,
  attributes: Record<string, unknown>,
  mode: MatchMode,
  bytesMax: number,
): Record<string, unknown> {
  const options = role === undefined ? attributes : { ...attributes, role };
  const made = checkOptions(mode, options, bytesMax);
  // zod leaves out what a schema does not name, and the player would wait for any role.
  if (role !== undefined && made.role === undefined) {
    throw new FrontrowError("INVALID_ATTRIBUTES", "The mode's options have no `role`.");
  }
  return options;
}

function metrosOf(
  given: Submission["metros"],
  mode: MatchMode,
  { metro: own, anyMetro }: SubmissionRules,
): Wish["metros"] {
  const metros = Object.entries(given ?? { [own]: 0 });
  const issues = metros.flatMap(([metro, rttMs]) => [
    ...(METRO.test(metro) ? [] : [`metros.${metro}: a metro is 3 to 8 small letters`]),
    ...(Number.isFinite(rttMs) && rttMs >= 0 ? [] : [`metros.${metro}: a round trip in ms`]),
  ]);
  if (issues.length > 0) throw new FrontrowError("BAD_REQUEST", undefined, { issues });
  const usable = metros
    .filter(([metro]) => (anyMetro || metro === own) && (mode.allowedMetros?.includes(metro) ?? true))
    .map(([metro, rttMs]) => ({ metro, rttMs }))
    .sort((a, b) => a.rttMs - b.rttMs || (a.metro < b.metro ? -1 : 1))
    .slice(0, METROS_PER_TICKET);
  if (usable.length > 0) return usable;
  throw new FrontrowError("NO_METRO", anyMetro ? undefined : `This matchmaker's metro is ${own}.`);
}
