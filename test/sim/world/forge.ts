/** A receipt that nobody signed, as a client would make one that wants to have waited long. */
export function forgeReceipt(player: string, mode: string, nowMs: number): string {
  const claims = { player, mode, ageMs: 3_600_000, issuedAtMs: nowMs };
  return Buffer.from(JSON.stringify(claims)).toString("base64url") + "A".repeat(43);
}
