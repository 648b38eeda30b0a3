/**
 * Kinds of tickets: by party size, and single players of modes with roles by the roles that they would take. Each kind has lists of
 * its own and a share of the candidates, so that a crowd of one kind (trios, fighters) never hides the few that a match lacks.
 */
import { type Rules, SEATS_EXACT_MAX } from "./rules.ts";

/** Parties of eight and more are one kind. */
const SIZES_MAX = 8;
/** Sets of roles of single players that have a kind of their own; the rest share the last. */
const ROLE_SETS_MAX = 16;
/** Candidates beyond what a match could use, for those who do not get on with each other. */
const SPARE = 4;
/** Parties of each size that are gathered at first. */
const PARTIES_AT_FIRST = 2;

export interface Kinds {
  readonly count: number;
  of(size: number, mask: number): number;
  /** Candidates of that kind at most. */
  quota(kind: number): number;
  /** At first: what a match mostly takes. */
  firstQuota(kind: number): number;
}

export function createKinds({ teams, mode, roleNames }: Rules): Kinds {
  const sizes = Math.min(mode.partyMax, SIZES_MAX);
  const hasRoles = roleNames.length > 0;
  const roleSets = new Map<number, number>();
  const isSmall = mode.seats <= SEATS_EXACT_MAX;
  const withSpare = (usable: number) => (isSmall ? usable + SPARE : Math.ceil(usable * 1.5) + SPARE);
  const bySize = (size: number) => withSpare(teams.reduce((sum, { seats }) => sum + Math.floor(seats / size), 0));
  const byMask = (mask: number) =>
    withSpare(
      teams.reduce((sum, { seats, roles }) => {
        const takes = roles.reduce((all, { bit, max }) => all + (mask & bit ? max : 0), 0);
        return sum + (roles.length === 0 ? seats : Math.min(seats, takes));
      }, 0),
    );
  const quotas = Array.from({ length: sizes }, (_, at) => bySize(at + 1));
  if (hasRoles) quotas.push(...new Array<number>(ROLE_SETS_MAX).fill(bySize(1)));
  return {
    count: quotas.length,
    of(size, mask) {
      if (!hasRoles || size > 1) return Math.min(size, sizes) - 1;
      const known = roleSets.get(mask);
      if (known !== undefined) return known;
      if (roleSets.size === ROLE_SETS_MAX - 1) return sizes + ROLE_SETS_MAX - 1;
      const kind = sizes + roleSets.size;
      roleSets.set(mask, kind);
      quotas[kind] = byMask(mask);
      return kind;
    },
    quota: (kind) => quotas[kind]!,
    firstQuota: (kind) =>
      kind === 0 || kind >= sizes ? quotas[kind]! - SPARE : Math.min(quotas[kind]!, PARTIES_AT_FIRST),
  };
}
