/** Short-lived rings where a shot ended or a ship was wrecked; only for the eye. */
import type { Seen } from "./mirror.ts";

export interface Spark {
  readonly x: number;
  readonly y: number;
  readonly look: number;
  readonly radius: number;
  /** 1 when new, 0 when gone. */
  readonly fade: number;
}

interface Burst {
  readonly x: number;
  readonly y: number;
  readonly look: number;
  readonly reach: number;
  readonly lifeMs: number;
  readonly bornMs: number;
}

const BURSTS_MAX = 64;

export interface Effects {
  /** What is to be seen of this and earlier frames. */
  frame(nowMs: number, seen: Pick<Seen, "ships" | "shots" | "bursts">): Spark[];
}

export function createEffects(): Effects {
  let bursts: Burst[] = [];
  let living = new Set<string>();

  return {
    frame(bornMs, { ships, shots, bursts: drones }) {
      for (const { x, y, look } of drones) bursts.push({ x, y, look, reach: 26, lifeMs: 300, bornMs });
      for (const { x, y, owner, ended } of shots) {
        const look = ships.find(({ id }) => id === owner)?.ship.look ?? 0;
        if (ended) bursts.push({ x, y, look, reach: 18, lifeMs: 220, bornMs });
      }
      for (const { id, x, y, ship } of ships) {
        if (ship.alive || !living.has(id)) continue;
        for (const reach of [40, 75]) bursts.push({ x, y, look: ship.look, reach, lifeMs: 8 * reach, bornMs });
      }
      living = new Set(ships.filter(({ ship }) => ship.alive).map(({ id }) => id));
      bursts = bursts.filter((burst) => bornMs < burst.bornMs + burst.lifeMs).slice(-BURSTS_MAX);
      return bursts.map(({ x, y, look, reach, lifeMs, ...burst }) => {
        const age = (bornMs - burst.bornMs) / lifeMs;
        return { x, y, look, radius: 4 + reach * Math.sqrt(age), fade: 1 - age };
      });
    },
  };
}
