/**
 * What is asked for when a join failed. Of a fill mode a seat whose token went stale is asked for again, and where the room is the
 * reason a fresh ticket is, because the index answers the old one with the same seat. A seat of a match is never left for another
 * match while that one may still be: the edge is asked for it again, and the whole match is placed elsewhere if its server says so too.
 */
import type { ErrorCode } from "@frontrow/shared/errors.ts";

/** The seat is good, only its token went stale. */
const STALE: ReadonlySet<ErrorCode> = new Set(["SEAT_EXPIRED", "SEAT_USED"]);

/** Another room may be better. */
const WORTH_ANOTHER: ReadonlySet<ErrorCode> = new Set([
  "ROOM_FINISHED",
  "ROOM_FAILED",
  "DRAINING",
  "SEAT_INVALID",
  "SERVER_UNREACHABLE",
]);

/** A match whose server left is looked for this long, from then on; ms. Its hold outlives that, and so does a restart of the server. */
const RETURN_MS = 30_000;
/** What ends the looking: it is the player's own doing, or no other answer is to be had. */
const FINAL: ReadonlySet<ErrorCode> = new Set([
  "CANCELLED",
  "SUPERSEDED",
  "AUTH_REQUIRED",
  "AUTH_INVALID",
  "AUTH_EXPIRED",
  "INVALID_ATTRIBUTES",
]);

/** The match is not to be any more, or not for this player. */
export const isGone = (code: ErrorCode) => code === "MATCH_GONE" || code === "TICKET_UNKNOWN";
export const isFinal = (code: ErrorCode) => FINAL.has(code);

/** Joins of one match that may fail: in each of its rooms, and each with a stale token once. */
const MATCH_JOINS_MAX = 6;

/** `same`: the ticket once more. `fresh`: a ticket of its own. `again`: the match's seat; `refused`: and its server let nobody in. */
export type NextAsk = { is: "same" | "fresh" } | { is: "again"; refused: boolean };

/** Undefined: it is over. `failed` joins came before this one. */
export function afterFailedJoin(code: ErrorCode, ofMatch: boolean, failed: number): NextAsk | undefined {
  const isStale = STALE.has(code);
  const isElsewhere = WORTH_ANOTHER.has(code);
  if (ofMatch) {
    if (failed >= MATCH_JOINS_MAX) return undefined;
    if (isStale) return { is: "again", refused: false };
    return isElsewhere || code === "ROOM_FULL" ? { is: "again", refused: true } : undefined;
  }
  if (failed > 0) return undefined;
  if (isStale) return { is: "same" };
  return isElsewhere ? { is: "fresh" } : undefined;
}

/**
 * What follows on a seat of a match that could not be had again. `cutMs`: how long ago its server left with the match, if it did: then
 * nobody else plays on there, so it is looked for until it is not to be any more, or for so long that another one is better.
 */
export function afterFailedAgain(
  code: ErrorCode,
  { isRenewed, cutMs }: { isRenewed: boolean; cutMs: number | undefined },
): "again" | "fresh" | undefined {
  const mayRenew = isRenewed ? undefined : "fresh";
  if (code === "MATCH_GONE") return mayRenew;
  if (cutMs === undefined || FINAL.has(code)) return undefined;
  // Another session of the edge, or another edge, knows nothing of the ticket.
  return code === "TICKET_UNKNOWN" || cutMs >= RETURN_MS ? mayRenew : "again";
}
