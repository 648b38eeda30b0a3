import { describe, expect, it } from "vitest";
import { believedAgeMs } from "./age.ts";
import { createReceipts } from "./receipt.ts";

const receipts = createReceipts("the metro's key");
const claims = { player: "ada", mode: "duel", ageMs: 4_000, issuedAtMs: 1_000_000 };
const ada = { player: "ada", mode: "duel" };

describe("a receipt", () => {
  it("[RC1] proves its age to whoever has the metro's key", () => {
    expect(createReceipts("the metro's key").read(receipts.sign(claims), ada)).toEqual(claims);
  });

  it("[RC1] proves nothing for another player, another mode, under another key, or changed", () => {
    const signed = receipts.sign(claims);
    expect(receipts.read(signed, { ...ada, player: "eve" })).toBeUndefined();
    expect(receipts.read(signed, { ...ada, mode: "squads" })).toBeUndefined();
    expect(createReceipts("another key").read(signed, ada)).toBeUndefined();
    const older = Buffer.from(JSON.stringify({ ...claims, ageMs: 90_000 })).toString("base64url");
    expect(receipts.read(older + signed.slice(-43), ada)).toBeUndefined();
    expect(receipts.read("", ada)).toBeUndefined();
    expect(receipts.read("x".repeat(512), ada)).toBeUndefined();
  });
});

describe("an age", () => {
  const minute = 60_000;
  it("[RC2] is what was signed and the time since, and never more than the holder says", () => {
    expect(believedAgeMs(1e9, claims, claims.issuedAtMs + 2_500, minute)).toBe(6_500);
    expect(believedAgeMs(5_000, claims, claims.issuedAtMs + 2_500, minute)).toBe(5_000);
    expect(believedAgeMs(1e9, undefined, claims.issuedAtMs, minute)).toBe(0);
  });

  it("[RC2] a clock that stepped takes at most the time since the receipt away, and adds at most what the holder says", () => {
    expect(believedAgeMs(6_500, claims, claims.issuedAtMs - 60_000, minute)).toBe(4_000);
    expect(believedAgeMs(6_500, claims, claims.issuedAtMs + 2_500 + 60_000, minute)).toBe(4_000);
    expect(believedAgeMs(6_500, claims, claims.issuedAtMs + 59_000, minute)).toBe(6_500);
  });
});
