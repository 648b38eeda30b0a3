/**
 * Progress: once the faults are over, and what they left behind has run out, nobody waits for long beside somebody that fits. Only who plays
 * alone is looked at: whether parties fit is the rounds' own question.
 */
import { nameOf, type Wish, type World } from "../words.ts";
import type { Watcher } from "./watch.ts";

/** After the last fault: leases run out, pools have their owners again, servers are known, and have said all of their seats again. */
const MENDED_MS = 20_000;
/** Longer than a lost moment, a hold of the pool, or the time after which bots come. */
const LONG_MS = 5_000;

export function watchMatched(
  { scheduler, modes, faultsMs }: Pick<World, "scheduler" | "modes"> & { readonly faultsMs: number },
  broken: (rule: string, what: string) => void,
): Watcher {
  /** When something last happened to a ticket that waits. */
  const newsMs = new Map<Wish, number>();
  const promised = new Map<Wish, string>();
  let lookMs = faultsMs + MENDED_MS;

  function end(wish: Wish): void {
    newsMs.delete(wish);
    promised.delete(wish);
  }
  const happens = (wish: Wish) => void (newsMs.has(wish) && newsMs.set(wish, scheduler.nowMs));

  function look(): void {
    const pools = new Map<string, Wish[]>();
    for (const [wish, atMs] of newsMs) {
      if (wish.end) end(wish);
      else if (!wish.party && !wish.isDeaf && !promised.has(wish) && scheduler.nowMs - atMs > LONG_MS) {
        const pool = `${wish.mode}|${wish.compat}`;
        pools.set(pool, [...(pools.get(pool) ?? []), wish]);
      }
    }
    for (const [pool, waiting] of pools) {
      const { seats, bots } = modes[waiting[0]!.mode]!;
      if (waiting.length >= (bots ? 1 : seats)) broken("SM14", `${waiting.map(nameOf)} wait in ${pool} and fit`);
    }
  }

  return {
    wished: (wish) => void newsMs.set(wish, scheduler.nowMs),
    ended: end,
    cancelled: end,
    said(wish, message) {
      if (message.t === "locked") promised.set(wish, message.match);
      else if (message.t !== "enlist" || !promised.delete(wish)) return;
      happens(wish);
    },
    hears(wish, message) {
      if (message.t === "propose") {
        happens(wish);
        if (message.askMs !== undefined && !promised.has(wish)) promised.set(wish, message.match);
      } else if (message.t === "released" && promised.get(wish) === message.match) {
        promised.delete(wish);
        happens(wish);
      }
    },
    stepped() {
      if (scheduler.nowMs < lookMs) return;
      lookMs = scheduler.nowMs + 500;
      look();
    },
  };
}
