/**
 * Ages (INVARIANT 19). A ticket is never older than its player has waited, however wall clocks step, but for the one clamp: a receipt from
 * another edge counts the time since it was signed by wall clocks, and believes them for at most `receiptMs`. It is never younger than
 * what was signed for it.
 */
import { nameOf, type Wish, type World } from "../words.ts";
import type { Watcher } from "./watch.ts";

/** Ages travel in whole steps of two clocks. */
const ROUNDING_MS = 5;

interface Claims {
  readonly ageMs: number;
}

export function watchAges(
  { scheduler, limits, counts }: Pick<World, "scheduler" | "limits" | "counts">,
  broken: (rule: string, what: string) => void,
): Watcher {
  /** Receipts that an owner made. */
  const genuine = new Map<string, number>();
  /** Since when, on true time, the holder knows its ticket to wait. */
  const provenSinceMs = new Map<Wish, number>();

  const signedAgeOf = (receipt: string): number =>
    (JSON.parse(Buffer.from(receipt.slice(0, -43), "base64url").toString()) as Claims).ageMs;
  /** A party has waited as long as its first member. */
  const partySinceMs = new Map<string, number>();
  const waitedMs = ({ sinceMs, party }: Wish) => scheduler.nowMs - (party ? partySinceMs.get(party.key)! : sinceMs);
  /** Tickets of which an edge had to believe a receipt. */
  const byReceipt = new Set<string>();
  const ticketOf = ({ player, ticket, party }: Wish) => party?.key ?? `${player}:${ticket}`;
  const clampMs = (wish: Wish) =>
    byReceipt.has(ticketOf(wish)) && counts["clock steps of processes"] > 0 ? limits.receiptMs : 0;

  return {
    wished(wish) {
      const { sinceMs, party, receipt } = wish;
      if (receipt !== undefined) byReceipt.add(ticketOf(wish));
      if (party) partySinceMs.set(party.key, Math.min(partySinceMs.get(party.key) ?? sinceMs, sinceMs));
    },
    tells(replica, wish, message) {
      if (message.t !== "enlisted") return;
      const { ageMs, receipt } = message;
      genuine.set(receipt, signedAgeOf(receipt));
      if (ageMs > waitedMs(wish) + clampMs(wish) + ROUNDING_MS) {
        broken("SM10", `${replica} makes ${nameOf(wish)} ${ageMs} ms old, which has waited ${waitedMs(wish)} ms`);
      }
    },
    hears(wish, message) {
      if (message.t !== "enlisted") return;
      const sinceMs = scheduler.nowMs - message.ageMs;
      provenSinceMs.set(wish, Math.min(provenSinceMs.get(wish) ?? sinceMs, sinceMs));
    },
    said(wish, message) {
      if (message.t !== "enlist") return;
      const since = provenSinceMs.get(wish);
      if (since !== undefined && message.ageMs < scheduler.nowMs - since - ROUNDING_MS) {
        broken("SM10", `${nameOf(wish)} was ${scheduler.nowMs - since} ms old and says ${message.ageMs} ms`);
      }
    },
  };
}
