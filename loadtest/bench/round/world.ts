/** Who plays in the `round` bench: the same tickets for everybody, from a seed. */

import type { PoolTicket } from "@frontrow/matchmaker/pool/words.ts";
import { type MatchMode, type MatchModeInput, match } from "@frontrow/shared/config/match-mode.ts";

/** Metros in a ring; a player lives near one, and the next ones are farther by this, ms. */
const METROS = ["ams", "cdg", "fra", "lhr", "mad", "waw"];
const NEXT_METRO_MS = 14;
const METROS_A_TICKET = 3;
const RATING_SIGMA = 350;

/** Three sixths play alone, the rest in pairs, threes and fives: 1.8 players a ticket. */
const PARTY_SIZES = [1, 1, 1, 1, 1, 1, 2, 2, 3, 5];
const MAPS = ["dust", "ice", "keep"];
const ROLES = [["fighter"], ["fighter"], ["fighter", "healer"], ["healer"], ["tank"], ["tank", "fighter"], []];

const common: Omit<MatchModeInput, "teams"> = {
  skill: [
    { afterMs: 0, max: 100 },
    { afterMs: 10_000, max: 200 },
    { afterMs: 20_000, max: 400 },
  ],
  latency: [
    { afterMs: 0, max: 60 },
    { afterMs: 8_000, max: 120 },
  ],
};
const everything: Omit<MatchModeInput, "teams"> = {
  ...common,
  same: ["map"],
  ranges: [
    {
      attribute: "level",
      steps: [
        { afterMs: 0, max: 20 },
        { afterMs: 10_000, max: null },
      ],
    },
  ],
  priority: { attribute: "vip", headStartMs: 2_000 },
  bots: { afterMs: 60_000 },
};
const roles = [
  { name: "tank", min: 1, max: 2 },
  { name: "healer", min: 1, max: 2 },
  { name: "fighter", min: 1, max: 3 },
];

export const modes: Readonly<Record<"1v1" | "5v5", { readonly few: MatchMode; readonly all: MatchMode }>> = {
  "1v1": {
    few: match({ ...common, teams: [{ seats: 1 }, { seats: 1 }] }),
    all: match({ ...everything, teams: [{ seats: 1 }, { seats: 1 }] }),
  },
  "5v5": {
    few: match({ ...common, teams: [{ seats: 5 }, { seats: 5 }] }),
    all: match({
      ...everything,
      teams: [
        { seats: 5, roles },
        { seats: 5, roles },
      ],
      start: { playersMin: 6, afterMs: 40_000 },
    }),
  },
};

/** Numerical Recipes' generator: the same tickets in every run. */
export function createDice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Makes tickets one after another; none is the same as another. */
export function createCrowd(mode: MatchMode, seed: number): (sinceMs: number) => PoolTicket {
  const dice = createDice(seed);
  const one = <T>(list: readonly T[]) => list[Math.floor(dice() * list.length)]!;
  const normal = () => Math.sqrt(-2 * Math.log(1 - dice())) * Math.cos(2 * Math.PI * dice());
  const usesAll = mode.same !== undefined;
  const hasRoles = mode.teams.some((team) => team.roles);
  let tickets = 0;
  let players = 0;
  const nothing: readonly string[] = [];
  const noAttributes = {};
  const player = (rating: number) => ({
    playerId: `p${(players++).toString(36).padStart(8, "0")}`,
    rating,
    roles: hasRoles ? one(ROLES) : nothing,
  });
  return (sinceMs) => {
    const size = mode.partyMax === 1 ? 1 : one(PARTY_SIZES);
    const rating = Math.round(1_500 + RATING_SIGMA * normal());
    const home = Math.floor(dice() * METROS.length);
    const ownMs = 5 + Math.floor(dice() * 30);
    return {
      key: `t${(tickets++).toString(36).padStart(8, "0")}`,
      // Friends are about equally good.
      players: Array.from({ length: size }, () => player(rating + (size > 1 ? Math.round(dice() * 40) - 20 : 0))),
      metros: Array.from({ length: METROS_A_TICKET }, (_, nth) => ({
        metro: METROS[(home + nth) % METROS.length]!,
        rttMs: ownMs + nth * NEXT_METRO_MS,
      })),
      attributes: usesAll ? { map: one(MAPS), level: Math.floor(dice() * 60), vip: dice() < 0.1 } : noAttributes,
      sinceMs,
      avoid:
        usesAll && players > 100 && dice() < 0.2
          ? [
              `p${Math.floor(dice() * players)
                .toString(36)
                .padStart(8, "0")}`,
            ]
          : nothing,
    };
  };
}
