import { describe, expect, it } from "vitest";
import { errorCatalogue, errorCodes, FrontrowError, refusal, refusalOf } from "./errors.ts";

describe("the catalogue", () => {
  it("[ER1] every error has an HTTP status of failure, a close code of ours that no other has, and a sentence", () => {
    const closes = errorCodes.map((code) => errorCatalogue[code].close);
    expect(new Set(closes).size).toBe(errorCodes.length);
    for (const code of errorCodes) {
      const { http, close, message } = errorCatalogue[code];
      expect(code).toMatch(/^[A-Z][A-Z_]*[A-Z]$/);
      expect(http, code).toBeGreaterThanOrEqual(400);
      expect(http, code).toBeLessThan(600);
      expect(close, code).toBeGreaterThanOrEqual(4300);
      expect(close, code).toBeLessThan(4400);
      expect(message, code).toMatch(/^[A-Z].*\.$/);
    }
  });

  it("[ER2] only what is retryable says after how long, and what is our fault or a full house is retryable", () => {
    for (const code of errorCodes) {
      const { http, retryable, retryAfterMs } = errorCatalogue[code];
      if (retryAfterMs > 0) expect(retryable, code).toBe(true);
      if (http === 503 || http === 429 || http === 504) expect(retryable, code).toBe(true);
    }
  });
});

describe("a refusal", () => {
  it("[ER3] carries the catalogue's words, a detail after them, and issues", () => {
    expect(refusal("RATE_LIMITED")).toEqual({
      code: "RATE_LIMITED",
      message: "Too many requests.",
      retryable: true,
      retryAfterMs: 1_000,
    });
    const detailed = refusal("INVALID_ATTRIBUTES", "Did you mean x?", { issues: ["a: b"], retryAfterMs: 7 });
    expect(detailed.message).toMatch(/\. Did you mean x\?$/);
    expect(detailed).toMatchObject({ issues: ["a: b"], retryAfterMs: 7 });
  });

  it("[ER3] travels as an exception and comes out unchanged", () => {
    const error = new FrontrowError("ROOM_FULL");
    expect(error.message).toBe(errorCatalogue.ROOM_FULL.message);
    expect(refusalOf(error)).toBe(error.refusal);
  });

  it("[ER4] an unknown exception is INTERNAL, and its text reaches nobody", () => {
    for (const thrown of [new Error("password is hunter2"), "hunter2", undefined, null, { code: "ROOM_FULL" }]) {
      expect(refusalOf(thrown)).toEqual(refusal("INTERNAL"));
    }
  });
});
