import { describe, expect, it } from "vitest";
import { defaultLimits } from "../limits.ts";
import { LinkHello } from "../protocol/link.ts";
import { distrustLinkHello, makeLinkHello } from "./link-hello.ts";
import { type Registration, signRegistration, verifyRegistration } from "./registration.ts";
import { freshNonce, generateSigningKey, signingKeyFrom, verifySigned } from "./signed.ts";

const NOW = 1_800_000_000_000;
const pair = generateSigningKey();
const key = signingKeyFrom(pair.privateText);
const other = signingKeyFrom(generateSigningKey().privateText);
const trust = { peers: [pair.publicKey], maxAgeMs: defaultLimits.linkHelloMs };

describe("signatures", () => {
  it("[ID14] a signature is believed for exactly its key and text", () => {
    const signature = key.sign("text");
    expect(verifySigned(pair.publicKey, "text", signature)).toBe(true);
    expect(verifySigned(pair.publicKey, "text ", signature)).toBe(false);
    expect(verifySigned(other.publicKey, "text", signature)).toBe(false);
    for (let at = 0; at < signature.length - 1; at += 5) {
      const changed = `${signature.slice(0, at)}${signature[at] === "A" ? "B" : "A"}${signature.slice(at + 1)}`;
      expect(verifySigned(pair.publicKey, "text", changed), `changed at ${at}`).toBe(false);
    }
  });

  it("[ID14] malformed keys and signatures are not believed, and do not throw", () => {
    for (const bad of ["", "x", "\u0000", "é".repeat(43), "A".repeat(10_000)]) {
      expect(verifySigned(bad, "text", key.sign("text"))).toBe(false);
      expect(verifySigned(pair.publicKey, "text", bad)).toBe(false);
    }
    for (const bad of ["", "x", ".", "a.", ".b"]) expect(() => signingKeyFrom(bad)).toThrow();
  });
});

describe("the hello of a link", () => {
  const challenge = freshNonce();
  const hello = makeLinkHello("edge-1", challenge, NOW, key);

  it("[ID15] is believed from a listed key that signed this challenge lately", () => {
    expect(LinkHello.safeParse(hello).success).toBe(true);
    expect(distrustLinkHello(hello, challenge, NOW + 1_000, trust)).toBeUndefined();
  });

  it("[ID15] is not believed when anything that it says was changed", () => {
    const changes: Partial<LinkHello>[] = [
      { name: "edge-2" },
      { nonce: freshNonce() },
      { signedAtMs: NOW + 1 },
      { signature: "" },
      { v: hello.v + 1 },
      { key: other.publicKey },
      { key: "", signature: "" },
    ];
    for (const change of changes) {
      expect(distrustLinkHello({ ...hello, ...change }, challenge, NOW, trust), JSON.stringify(change)).toEqual(
        expect.any(String),
      );
    }
  });

  it("[ID16] a recording of it is worth nothing: another challenge, or too late or early, is not believed", () => {
    expect(distrustLinkHello(hello, freshNonce(), NOW, trust)).toMatch(/signature/);
    expect(distrustLinkHello(hello, challenge, NOW + trust.maxAgeMs + 1, trust)).toMatch(/too long ago/);
    expect(distrustLinkHello(hello, challenge, NOW - trust.maxAgeMs - 1, trust)).toMatch(/clocks differ/);
    expect(makeLinkHello("edge-1", challenge, NOW, key).nonce).not.toBe(hello.nonce);
  });

  it("[ID15] an unlisted key is not believed, and an unsigned hello only where no peers are listed", () => {
    const unsigned = makeLinkHello("edge-1", challenge, NOW, undefined);
    expect(distrustLinkHello(makeLinkHello("edge-1", challenge, NOW, other), challenge, NOW, trust)).toMatch(
      /not in the list/,
    );
    expect(distrustLinkHello(unsigned, challenge, NOW, trust)).toMatch(/not in the list/);
    expect(distrustLinkHello(unsigned, challenge, NOW, { ...trust, peers: [] })).toBeUndefined();
  });
});

describe("the registration of a game server", () => {
  const registration: Registration = {
    metro: "fra",
    server: "7",
    boot: "boot1",
    publicAddress: "play.example.com/gs-7",
    secure: true,
    seatKey: "k".repeat(43),
  };
  const signed = signRegistration(registration, key);

  it("[ID17] is believed when a listed fleet key signed it", () => {
    expect(verifyRegistration(signed, [other.publicKey, pair.publicKey])).toEqual(registration);
  });

  it("[ID17] writing to Redis does not make a server: changed, unsigned or foreign registrations are not believed", () => {
    const elsewhere = JSON.stringify({ ...registration, publicAddress: "evil.example.com" });
    const forged = [
      { ...signed, text: elsewhere },
      { ...signed, text: `${signed.text} ` },
      { ...signed, signature: "" },
      { ...signed, key: other.publicKey },
      signRegistration(registration, undefined),
      signRegistration(registration, other),
    ];
    for (const forgery of forged) expect(verifyRegistration(forgery, [pair.publicKey])).toBeUndefined();
  });

  it("[ID17] a link's signature cannot pass for a registration's: what is signed starts with its purpose", () => {
    expect(verifyRegistration({ ...signed, signature: key.sign(signed.text) }, [pair.publicKey])).toBeUndefined();
    expect(verifySigned(pair.publicKey, `frontrow-server-v1\n${signed.text}`, signed.signature)).toBe(true);
  });

  it("[ID17] what is signed but is no registration is not believed", () => {
    for (const text of ["", "{", "[]", JSON.stringify({ ...registration, server: "a b" })]) {
      const signature = key.sign(`frontrow-server-v1\n${text}`);
      expect(verifyRegistration({ text, key: key.publicKey, signature }, [pair.publicKey])).toBeUndefined();
      expect(verifyRegistration({ text, key: "", signature: "" }, [])).toBeUndefined();
    }
  });
});
