/**
 * Who of a team takes which role. A matching with bounds on both sides: first the roles' minima are filled, then everybody
 * else is seated up to the maxima. Each step only adds along an alternating path, so nobody who has a role loses it and no role
 * loses a player; by Mendelsohn and Dulmage (1958) that finds a full assignment whenever there is one.
 */
import type { TeamRule } from "@frontrow/shared/config/match-mode.ts";
import type { TeamShape } from "../../pool/rules.ts";

const NONE = -1;

export type RoleFit = (team: TeamShape, masks: Int32Array, count: number, others: number) => boolean;

/** Whether `assignRoles` would find a way, for the search, on masks: `count` of them, one a player. */
export function createRoleFit(): RoleFit {
  const taken = new Int32Array(64);
  const counts = new Int32Array(16);
  let seen = 0;
  const fill = (team: TeamShape, masks: Int32Array, count: number, role: number): boolean => {
    seen |= 1 << role;
    const { bit } = team.roles[role]!;
    for (let player = 0; player < count; player++) {
      if (taken[player] !== NONE || (masks[player]! & bit) === 0) continue;
      taken[player] = role;
      return true;
    }
    for (let player = 0; player < count; player++) {
      const from = taken[player]!;
      if (from === NONE || (seen >> from) & 1 || (masks[player]! & bit) === 0) continue;
      if (!fill(team, masks, count, from)) continue;
      taken[player] = role;
      return true;
    }
    return false;
  };
  const seat = (team: TeamShape, masks: Int32Array, count: number, player: number): boolean => {
    for (let role = 0; role < team.roles.length; role++) {
      const { bit, max } = team.roles[role]!;
      if ((seen >> role) & 1 || (masks[player]! & bit) === 0) continue;
      seen |= 1 << role;
      let isFree = counts[role]! < max;
      if (isFree) counts[role]!++;
      for (let other = 0; other < count && !isFree; other++) {
        if (taken[other] === role && other !== player) isFree = seat(team, masks, count, other);
      }
      if (!isFree) continue;
      taken[player] = role;
      return true;
    }
    return false;
  };
  return (team, masks, count, others) => {
    if (team.roles.length === 0) return true;
    taken.fill(NONE, 0, count);
    counts.fill(0);
    let lacking = 0;
    for (let role = 0; role < team.roles.length; role++) {
      for (let n = 0; n < team.roles[role]!.min; n++) {
        seen = 0;
        if (fill(team, masks, count, role)) counts[role]!++;
        else lacking++;
      }
    }
    if (lacking > others) return false;
    for (let player = 0; player < count; player++) {
      seen = 0;
      if (taken[player] === NONE && !seat(team, masks, count, player)) return false;
    }
    return true;
  };
}

/** Roles that one player would take, best first; empty: any. */
export type Wishes = readonly string[];

/**
 * A role for each of the players of one team, or undefined when there is no way. `others` seats of the team are taken by
 * somebody whose role is not known (bots, players of a running room): they may make up what the minima lack.
 */
export function assignRoles(rule: TeamRule, wishes: readonly Wishes[], others: number): string[] | undefined {
  const roles = rule.roles ?? [];
  const taken = new Int32Array(wishes.length).fill(NONE);
  const counts = new Int32Array(roles.length);
  const would = (player: number, role: number) => {
    const wish = wishes[player]!;
    return wish.length === 0 || wish.includes(roles[role]!.name);
  };
  const give = (player: number, role: number) => {
    taken[player] = role;
  };

  /** One more player for `role`; who is taken from another role is replaced there. */
  const fill = (role: number, seen: Set<number>): boolean => {
    seen.add(role);
    const free = bestFree(role);
    if (free !== NONE) {
      give(free, role);
      return true;
    }
    for (let player = 0; player < wishes.length; player++) {
      const from = taken[player]!;
      if (from === NONE || seen.has(from) || !would(player, role)) continue;
      if (!fill(from, seen)) continue;
      give(player, role);
      return true;
    }
    return false;
  };
  const bestFree = (role: number): number => {
    let best = NONE;
    let rank = Number.POSITIVE_INFINITY;
    for (let player = 0; player < wishes.length; player++) {
      if (taken[player] !== NONE || !would(player, role)) continue;
      const wish = wishes[player]!;
      const at = wish.length === 0 ? wish.length + roles.length : wish.indexOf(roles[role]!.name);
      if (at < rank) [best, rank] = [player, at];
    }
    return best;
  };
  /** A role for `player`; who has to make room moves on. */
  const seat = (player: number, seen: Set<number>): boolean => {
    const wish = wishes[player]!;
    const order = wish.length === 0 ? roles.map((_, role) => role) : wish.map((name) => indexOf(roles, name));
    for (const role of order) {
      if (role === NONE || seen.has(role)) continue;
      seen.add(role);
      if (counts[role]! < roles[role]!.max) {
        counts[role]!++;
        give(player, role);
        return true;
      }
      for (let other = 0; other < wishes.length; other++) {
        if (taken[other] !== role || !seat(other, seen)) continue;
        give(player, role);
        return true;
      }
    }
    return false;
  };

  let lacking = 0;
  for (let role = 0; role < roles.length; role++) {
    for (let n = 0; n < roles[role]!.min; n++) {
      if (fill(role, new Set())) counts[role]!++;
      else lacking++;
    }
  }
  if (lacking > others) return undefined;
  for (let player = 0; player < wishes.length; player++) {
    if (taken[player] === NONE && !seat(player, new Set())) return undefined;
  }
  return Array.from(taken, (role) => roles[role]!.name);
}

const indexOf = (roles: readonly { name: string }[], name: string) => roles.findIndex((role) => role.name === name);
