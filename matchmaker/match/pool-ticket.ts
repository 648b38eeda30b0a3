/** A ticket as its pool sees it, from what its holders said of each of its players. */
import type { MatchMode } from "@frontrow/shared/config/match-mode.ts";
import { AVOID_MAX, METROS_PER_TICKET, type PoolTicket } from "../pool/words.ts";
import type { Standing } from "../rating/rating-store.ts";
import { type EnlistedTicket, partsOf } from "./enlisted.ts";

export function poolTicketOf(
  { key, sinceMs, ...ticket }: EnlistedTicket & { parts: EnlistedTicket["parts"] },
  mode: MatchMode,
  standings: ReadonlyMap<string, Standing>,
): PoolTicket {
  const parts = partsOf({ key, sinceMs, ...ticket });
  return {
    key,
    players: parts.map(({ playerId, options }) => ({
      playerId,
      rating: standings.get(playerId)?.rating ?? 1_500,
      roles: rolesOf(options),
    })),
    metros: reachedByAll(parts, mode.allowedMetros),
    // A party plays by its first member's wishes.
    attributes: parts[0]!.options,
    sinceMs,
    avoid: [...new Set(parts.flatMap(({ avoid }) => avoid))].slice(0, AVOID_MAX),
  };
}

/** `role`, one or a list, best first. */
function rolesOf({ role }: Record<string, unknown>): string[] {
  const roles = Array.isArray(role) ? role : [role];
  return roles.filter((one): one is string => typeof one === "string").slice(0, 16);
}

function reachedByAll(
  parts: readonly { metros: readonly { metro: string; rttMs: number }[] }[],
  allowed: readonly string[] | undefined,
): PoolTicket["metros"] {
  const worst = new Map<string, { rttMs: number; by: number }>();
  for (const { metros } of parts) {
    for (const { metro, rttMs } of metros) {
      const before = worst.get(metro) ?? { rttMs: 0, by: 0 };
      worst.set(metro, { rttMs: Math.max(before.rttMs, rttMs), by: before.by + 1 });
    }
  }
  return [...worst]
    .filter(([metro, { by }]) => by === parts.length && (allowed?.includes(metro) ?? true))
    .map(([metro, { rttMs }]) => ({ metro, rttMs }))
    .sort((a, b) => a.rttMs - b.rttMs || (a.metro < b.metro ? -1 : 1))
    .slice(0, METROS_PER_TICKET);
}
