import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultLimits } from "./limits.ts";
import {
  deriveSeatKey,
  generateSeatKey,
  peekSeat,
  publicHalf,
  type SeatClaims,
  signSeat,
  verifySeat,
} from "./seat-token.ts";

const BYTES_MAX = defaultLimits.seatTokenBytes;
const claims: SeatClaims = {
  metro: "fra",
  server: "7",
  boot: "boot1",
  room: "fra_7_x2Kd9",
  mode: "arena",
  ticket: "session:ticket",
  seat: 0,
  gen: 1,
  sid: "abcdefghi",
  player: "alice",
  guest: false,
  seats: 8,
  private: false,
  compat: "any",
  options: { skin: "red" },
  rtt: { minMs: 1.5, jitterMs: 0.2, loss: 0, samples: 5, verified: true },
  exp: 1_800_000_000_000,
};
const issuer = generateSeatKey();
const boot = generateSeatKey();
const key = deriveSeatKey(issuer.privateText, boot.publicKey, "7", "boot1");
const token = signSeat(claims, key);
const BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

describe("the key", () => {
  it("[ID10] matchmaker and server derive the same key from the other's public half", () => {
    expect(deriveSeatKey(boot.privateText, issuer.publicKey, "7", "boot1")).toEqual(key);
    expect(publicHalf(issuer.privateText)).toBe(issuer.publicKey);
    expect(key).toHaveLength(32);
  });

  it("[ID10] another server, boot, issuer or boot key makes another key, which the token does not open", () => {
    const others = [
      deriveSeatKey(boot.privateText, issuer.publicKey, "8", "boot1"),
      deriveSeatKey(boot.privateText, issuer.publicKey, "7", "boot2"),
      deriveSeatKey(boot.privateText, generateSeatKey().publicKey, "7", "boot1"),
      deriveSeatKey(generateSeatKey().privateText, issuer.publicKey, "7", "boot1"),
    ];
    for (const other of others) expect(verifySeat(token, BYTES_MAX, [other])).toBeUndefined();
  });

  it.each(["", ".", "a.b", "x".repeat(42)])("[ID10] the malformed key %j is refused when it is read", (text) => {
    expect(() => deriveSeatKey(text, boot.publicKey, "7", "b")).toThrow();
    expect(() => deriveSeatKey(issuer.privateText, text, "7", "b")).toThrow();
  });

  it("[ID11] while the issuer key rotates, tokens under the old and under the new one are both good, others are not", () => {
    const next = generateSeatKey();
    const nextKey = deriveSeatKey(boot.privateText, next.publicKey, "7", "boot1");
    const nextToken = signSeat(claims, deriveSeatKey(next.privateText, boot.publicKey, "7", "boot1"));
    for (const good of [token, nextToken]) expect(verifySeat(good, BYTES_MAX, [key, nextKey])).toEqual(claims);
    expect(verifySeat(nextToken, BYTES_MAX, [key])).toBeUndefined();
    expect(verifySeat(token, BYTES_MAX, [])).toBeUndefined();
  });
});

describe("the token", () => {
  it("[ID12] is one URL segment that carries its claims unchanged", () => {
    expect(token).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(verifySeat(token, BYTES_MAX, [key])).toEqual(claims);
  });

  it("[ID12] is within its bound with the longest options, ids and codes that the protocol takes", () => {
    const longest: SeatClaims = {
      ...claims,
      metro: "abcdefgh",
      server: "s".repeat(24),
      room: `abcdefgh_${"s".repeat(24)}_${"r".repeat(16)}`,
      mode: "m".repeat(32),
      boot: "b".repeat(32),
      ticket: "t".repeat(100),
      seat: 63,
      gen: 1_000_000,
      sid: "s".repeat(32),
      player: "p".repeat(64),
      compat: "c".repeat(64),
      private: false,
      seats: 1_000,
      rating: -99_999,
      rtt: {
        minMs: 123.45678901234567,
        jitterMs: 1 / 3,
        loss: 1 / 3,
        samples: 16,
        verified: false,
      },
      code: "ABCDEFGH-01234567",
      options: { o: "x".repeat(defaultLimits.joinOptionsBytes - '{"o":""}'.length) },
    };
    const signed = signSeat(longest, key);
    expect(signed.length).toBeLessThanOrEqual(BYTES_MAX);
    expect(verifySeat(signed, BYTES_MAX, [key])).toEqual(longest);
  });

  it("[ID13] any changed character, in the claims or in the MAC, makes it nobody's", () => {
    for (let at = 0; at < token.length; at++) {
      const letter = BASE64URL[(BASE64URL.indexOf(token[at]!) + 1) % 64];
      const changed = `${token.slice(0, at)}${letter}${token.slice(at + 1)}`;
      expect(verifySeat(changed, BYTES_MAX, [key]), `changed at ${at}`).toBeUndefined();
    }
  });

  it("[ID13] anything cut off or added makes it nobody's", () => {
    for (const changed of [
      token.slice(1),
      token.slice(0, -1),
      `${token}A`,
      `A${token}`,
      `${token}=`,
      token.slice(-43),
      "",
    ]) {
      expect(verifySeat(changed, BYTES_MAX, [key])).toBeUndefined();
    }
  });

  it("[ID13] a token over the bound is refused unread, also when its MAC is right", () => {
    const long = signSeat({ ...claims, options: { o: "x".repeat(BYTES_MAX) } }, key);
    expect(verifySeat(long, BYTES_MAX, [key])).toBeUndefined();
    expect(verifySeat(long, long.length, [key])).toBeDefined();
  });

  it("[ID13] claims that do not fit the schema are nobody's, also when the MAC is right", () => {
    const bad = signSeat({ ...claims, seat: "0" } as unknown as SeatClaims, key);
    expect(verifySeat(bad, BYTES_MAX, [key])).toBeUndefined();
  });

  it("[ID13] junk never throws and is never a seat", () => {
    const junk = fc.oneof(
      fc.string(),
      fc.string({ unit: "binary" }),
      fc.base64String({ minLength: 44 }).map((text) => text.replace(/[+/=]/g, "_")),
    );
    fc.assert(
      fc.property(junk, (text) => {
        expect(verifySeat(text, BYTES_MAX, [key])).toBeUndefined();
        expect(() => peekSeat(text)).not.toThrow();
      }),
    );
  });
});
