/**
 * How old a ticket is believed to be: what was signed, plus the time since, and never more than its holder says. A wall clock that
 * stepped can take the time since the receipt away or, as long as the holder is the same, add nothing.
 */
import type { ReceiptClaims } from "./receipt.ts";

export function believedAgeMs(
  claimedMs: number,
  receipt: Pick<ReceiptClaims, "ageMs" | "issuedAtMs"> | undefined,
  wallMs: number,
  receiptMs: number,
): number {
  if (!receipt) return 0;
  const sinceMs = wallMs - receipt.issuedAtMs;
  // A receipt from the future, or from long ago: nobody knows how long its ticket was held since.
  const heldMs = sinceMs >= 0 && sinceMs <= receiptMs ? sinceMs : 0;
  return Math.max(0, Math.min(claimedMs, receipt.ageMs + heldMs));
}
