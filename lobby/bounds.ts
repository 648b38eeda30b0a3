/** What either index refuses before it asks its store: sizes that no caller of ours goes beyond. All throw INTERNAL. */
import { FrontrowError } from "@frontrow/shared/errors.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import type { ReplicaClaim, Reservation } from "./lobby.ts";

const REPLICA_CHARS_MAX = 64;
/** Still whole, and still with room to count on from. */
const EPOCH_MAX = 2 ** 52;

/** Whether a reservation is a match's: it has a roster, an end, and may have been aborted. */
export const isOfMatch = ({ target }: Pick<Reservation, "target">): boolean =>
  target.kind === "match" || (target.kind === "room" && target.backfill === true);

/** `notAfterMs` in whole milliseconds; 0: no such end. */
export function notAfterOf({ notAfterMs = 0 }: Pick<Reservation, "notAfterMs">): number {
  return Number.isFinite(notAfterMs) ? Math.max(0, Math.floor(notAfterMs)) : 0;
}

export function checkRoster({ roster }: Reservation, { rosterBytes }: Pick<Limits, "rosterBytes">) {
  if (roster === undefined || Buffer.byteLength(roster) <= rosterBytes) return;
  throw new FrontrowError("INTERNAL", `A roster is larger than ${rosterBytes} bytes.`);
}

export function checkClaim({ replica, seenEpoch }: ReplicaClaim) {
  const named = replica.length > 0 && replica.length <= REPLICA_CHARS_MAX;
  if (named && Number.isInteger(seenEpoch) && seenEpoch >= 0 && seenEpoch <= EPOCH_MAX) return;
  throw new FrontrowError("INTERNAL", "A replica's name or epoch is none.");
}

/** A number of things to give, as a whole one. */
export const countOf = (max: number) => Math.max(0, Math.floor(max));

/** The report as text. */
export function reportText(report: object, { reportBytes }: Pick<Limits, "reportBytes">): string {
  const text = JSON.stringify(report);
  if (Buffer.byteLength(text) <= reportBytes) return text;
  throw new FrontrowError("INTERNAL", `A match report is larger than ${reportBytes} bytes.`);
}
