import { describe, expect, it } from "vitest";
import { createMembershipProofs } from "./membership-proof.ts";

const proofs = createMembershipProofs("the metro's key", 60_000);
const claims = { code: "FRA-7K2M9QXD", member: "m1", order: 3, issuedAtMs: 1_000 };
const receipt = proofs.sign(claims);
const read = (over: { code?: string; member?: string; receipt?: string; atMs?: number; by?: typeof proofs } = {}) =>
  (over.by ?? proofs).read(
    { member: over.member ?? "m1", receipt: over.receipt ?? receipt },
    over.code ?? claims.code,
    over.atMs ?? 2_000,
  );

describe("the proof of a membership", () => {
  it("[PY7] tells any replica with the metro's key which place it was, for a minute", () => {
    expect(read({ by: createMembershipProofs("the metro's key", 60_000) })).toEqual({ id: "m1", order: 3 });
    expect(read({ atMs: 61_000 })).toEqual({ id: "m1", order: 3 });
    expect(read({ atMs: 61_001 })).toBeUndefined();
  });

  it("[PY7] proves nothing of another party or member, under another key, or changed by a letter", () => {
    expect(read({ code: "FRA-7K2M9QXE" })).toBeUndefined();
    expect(read({ member: "m2" })).toBeUndefined();
    expect(read({ by: createMembershipProofs("another key", 60_000) })).toBeUndefined();
    for (const forged of ["", "x", receipt.slice(1), `A${receipt.slice(1)}`, receipt.slice(0, -1), `${receipt}A`]) {
      expect(read({ receipt: forged })).toBeUndefined();
    }
  });

  it("[PY7] fits the message that carries it, with the longest of everything", () => {
    const longest = proofs.sign({
      ...{ code: "ABCDEFGH-7K2M9QXD", member: "m".repeat(43), order: Number.MAX_SAFE_INTEGER },
      issuedAtMs: 1.8e12 + 0.123456,
    });
    expect(longest.length).toBeLessThanOrEqual(512);
  });
});
