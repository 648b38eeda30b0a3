import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from "jose";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { type ErrorCode, FrontrowError } from "../errors.ts";
import { defaultLimits } from "../limits.ts";
import { createVerifyPlayer, type PlayerTokenOptions, type VerifyPlayer } from "./verify-player.ts";

const SECRET = "a-secret-of-at-least-32-characters!";
const utf8 = (text: string) => new TextEncoder().encode(text);
const soon = () => Math.floor(Date.now() / 1_000) + 60;
const limits = defaultLimits;

async function codeOf(verifying: Promise<unknown>): Promise<ErrorCode | "VERIFIED"> {
  try {
    await verifying;
    return "VERIFIED";
  } catch (error) {
    if (error instanceof FrontrowError) return error.refusal.code;
    throw error;
  }
}

const hs256 = (payload: JWTPayload, header = {}, secret = SECRET) =>
  new SignJWT(payload).setProtectedHeader({ alg: "HS256", ...header }).sign(utf8(secret));

describe("a shared secret", () => {
  let verify: VerifyPlayer;
  beforeAll(async () => {
    verify = await createVerifyPlayer({
      keys: { kind: "secret", secret: SECRET },
      issuer: "login",
      audience: "arena",
      limits,
    });
  });
  const good = () => ({ sub: "alice", exp: soon(), iss: "login", aud: ["other", "arena"] });

  it("[ID1] a good token gives the player's id and when it ends", async () => {
    const claims = good();
    expect(await verify(await hs256(claims))).toEqual({ playerId: "alice", expiresAtMs: claims.exp * 1_000 });
  });

  it("[ID2] wrong issuer, audience, secret, or a claim too early or missing is AUTH_INVALID", async () => {
    const wrong: JWTPayload[] = [
      { ...good(), iss: "evil" },
      { ...good(), aud: "another-game" },
      { ...good(), nbf: soon() },
      { sub: "alice", iss: "login", aud: "arena" },
      { exp: soon(), iss: "login", aud: "arena" },
      { sub: "alice", exp: soon() },
    ];
    for (const payload of wrong)
      expect(await codeOf(verify(await hs256(payload))), JSON.stringify(payload)).toBe("AUTH_INVALID");
    expect(await codeOf(verify(await hs256(good(), {}, `${SECRET}x`)))).toBe("AUTH_INVALID");
  });

  it("[ID3] an expired token is AUTH_EXPIRED, but not within the clock's tolerance", async () => {
    const now = Math.floor(Date.now() / 1_000);
    expect(await codeOf(verify(await hs256({ ...good(), exp: now - 60 })))).toBe("AUTH_EXPIRED");
    expect(await codeOf(verify(await hs256({ ...good(), exp: now - 1 })))).toBe("VERIFIED");
    expect(await codeOf(verify(await hs256({ ...good(), nbf: now + 1 })))).toBe("VERIFIED");
  });

  it("[ID4] no algorithm but the key's own: none, HS512 and RS256 are refused", async () => {
    const { privateKey } = await generateKeyPair("RS256");
    expect(await codeOf(verify(new UnsecuredJWT(good()).encode()))).toBe("AUTH_INVALID");
    expect(await codeOf(verify(await hs256(good(), { alg: "HS512" })))).toBe("AUTH_INVALID");
    const rs = await new SignJWT(good()).setProtectedHeader({ alg: "RS256" }).sign(privateKey);
    expect(await codeOf(verify(rs))).toBe("AUTH_INVALID");
  });

  it.each(["", "a".repeat(65), "guest_abcdefgh", "a b", "a/b", "{fra}", "a\nb", "élan", "_x"])(
    "[ID5] the subject %j is no player's id",
    async (sub) => {
      expect(await codeOf(verify(await hs256({ ...good(), sub })))).toBe("AUTH_INVALID");
    },
  );

  it.each([5, null, true, ["a"], { a: 1 }])(
    "[ID5] the subject %j is no player's id, whatever it would be as text",
    async (sub) => {
      // A login that gave out numbers made players of them, whom the link's schema did not let through: it ended.
      expect(await codeOf(verify(await hs256({ ...good(), sub: sub as never })))).toBe("AUTH_INVALID");
    },
  );

  it.each(["a", "a".repeat(64), "auth0|5f7c8ec7c33c6c004bbafe82", "steam:76561198000000000", "a.b@example.com"])(
    "[ID5] the subject %j is a player's id",
    async (sub) => {
      expect((await verify(await hs256({ ...good(), sub }))).playerId).toBe(sub);
    },
  );

  it.each(["", "x", "a.b.c", "....", `${"e".repeat(5_000)}`, "eyJhbGciOiJIUzI1NiJ9..", "\u0000.\u0000.\u0000"])(
    "[ID6] the junk %.20j is AUTH_INVALID",
    async (junk) => {
      expect(await codeOf(verify(junk))).toBe("AUTH_INVALID");
    },
  );

  it("[ID6] every changed character of a token is AUTH_INVALID, and a refusal never repeats the token", async () => {
    const token = await hs256(good());
    // The last character is left alone: 2 of its 6 bits belong to no byte.
    for (let at = 0; at < token.length - 1; at += 3) {
      const changed = `${token.slice(0, at)}${token[at] === "A" ? "B" : "A"}${token.slice(at + 1)}`;
      const error = await verify(changed).catch((reason) => reason);
      expect(error, `changed at ${at}`).toBeInstanceOf(FrontrowError);
      expect(error.refusal.code).toBe("AUTH_INVALID");
      expect(error.message).not.toContain(changed.slice(0, 20));
    }
  });
});

describe("a public key", () => {
  it.each(["RS256", "PS384", "ES256", "ES384", "EdDSA"])("[ID4] a token signed with %s is believed", async (alg) => {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    const verify = await createVerifyPlayer({ keys: { kind: "public", pem: await exportSPKI(publicKey) }, limits });
    const token = await new SignJWT({ sub: "bob", exp: soon() }).setProtectedHeader({ alg }).sign(privateKey);
    expect((await verify(token)).playerId).toBe("bob");
  });

  it("[ID4] a token made with HMAC under the public key's text is refused (algorithm confusion)", async () => {
    const { publicKey } = await generateKeyPair("RS256", { extractable: true });
    const pem = await exportSPKI(publicKey);
    const verify = await createVerifyPlayer({ keys: { kind: "public", pem }, limits });
    for (const secret of [pem, pem.trim(), `${pem.trim()}\n`]) {
      expect(await codeOf(verify(await hs256({ sub: "mallory", exp: soon() }, {}, secret)))).toBe("AUTH_INVALID");
    }
    expect(await codeOf(verify(new UnsecuredJWT({ sub: "mallory", exp: soon() }).encode()))).toBe("AUTH_INVALID");
  });

  it("[ID7] a PEM that holds no usable key is refused when the process starts", async () => {
    const pem = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----";
    await expect(createVerifyPlayer({ keys: { kind: "public", pem }, limits })).rejects.toThrow(
      /FRONTROW_JWT_KEY is no/,
    );
  });
});

describe("a JWKS", () => {
  let server: Server | undefined;
  let asked = 0;
  let answer: () => { status?: number; body?: string } | "never" = () => ({ status: 500 });
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
    server = undefined;
  });

  async function serve(keys: object[] | string): Promise<string> {
    asked = 0;
    answer = () => ({ body: typeof keys === "string" ? keys : JSON.stringify({ keys }) });
    const made = createServer((_, response) => {
      asked += 1;
      const reply = answer();
      if (reply === "never") return;
      response.writeHead(reply.status ?? 200, { "content-type": "application/json" });
      response.end(reply.body ?? "");
    });
    server = made;
    await new Promise<void>((ready) => made.listen(0, "127.0.0.1", ready));
    return `http://127.0.0.1:${(made.address() as AddressInfo).port}/jwks.json`;
  }
  const verifier = (url: string, changed: Partial<PlayerTokenOptions["limits"]> = {}) =>
    createVerifyPlayer({ keys: { kind: "jwks", url }, limits: { ...limits, ...changed } });

  async function keyPair(kid: string) {
    const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), kid, use: "sig" };
    const sign = (header: object = { kid }) =>
      new SignJWT({ sub: "carol", exp: soon() }).setProtectedHeader({ alg: "ES256", ...header }).sign(privateKey);
    return { jwk, sign };
  }

  it("[ID8] keys are fetched once for many tokens, also when they arrive together", async () => {
    const one = await keyPair("one");
    const verify = await verifier(await serve([one.jwk]));
    const token = await one.sign();
    const players = await Promise.all([verify(token), verify(token), verify(token)]);
    expect(players.map((player) => player.playerId)).toEqual(["carol", "carol", "carol"]);
    expect(asked).toBe(1);
  });

  it("[ID8] a key id that is not listed asks again, at most once a cooldown, then is AUTH_INVALID", async () => {
    const one = await keyPair("one");
    const verify = await verifier(await serve([one.jwk]));
    await verify(await one.sign());
    const unknown = await one.sign({ kid: "two" });
    for (let tries = 0; tries < 5; tries++) expect(await codeOf(verify(unknown))).toBe("AUTH_INVALID");
    expect(asked).toBe(1);
  });

  it("[ID8] a rotated key is believed once the cooldown has passed", async () => {
    const [old, fresh] = [await keyPair("old"), await keyPair("fresh")];
    const verify = await verifier(await serve([old.jwk]), { jwksCooldownMs: 0 });
    await verify(await old.sign());
    answer = () => ({ body: JSON.stringify({ keys: [old.jwk, fresh.jwk] }) });
    expect((await verify(await fresh.sign())).playerId).toBe("carol");
    expect(asked).toBe(2);
  });

  it("[ID4] a shared secret in a JWKS, or HMAC under a listed public key, is refused", async () => {
    const one = await keyPair("one");
    const oct = { kty: "oct", k: Buffer.from(SECRET).toString("base64url"), kid: "oct", alg: "HS256" };
    const verify = await verifier(await serve([one.jwk, oct]));
    expect(await codeOf(verify(await hs256({ sub: "m", exp: soon() }, { kid: "oct" })))).toBe("AUTH_INVALID");
    expect(await codeOf(verify(await hs256({ sub: "m", exp: soon() }, { kid: "one" }, one.jwk.x)))).toBe(
      "AUTH_INVALID",
    );
  });

  it("[ID9] a key server that is gone, slow, failing or talking nonsense is AUTH_UNAVAILABLE within the deadline", async () => {
    const one = await keyPair("one");
    const url = await serve([one.jwk]);
    const token = await one.sign();
    const replies: (typeof answer)[] = [
      () => "never",
      () => ({ status: 503 }),
      () => ({ status: 302 }),
      () => ({ body: "<html>" }),
      () => ({ body: '{"keys":7}' }),
    ];
    for (const reply of replies) {
      answer = reply;
      const verify = await verifier(url, { jwksFetchMs: 100 });
      expect(await codeOf(verify(token)), String(reply)).toBe("AUTH_UNAVAILABLE");
    }
    const gone = await verifier("http://127.0.0.1:9/jwks.json", { jwksFetchMs: 500 });
    expect(await codeOf(gone(token))).toBe("AUTH_UNAVAILABLE");
  });

  it("[ID9] after a failed fetch nobody else waits for the same deadline, until the cooldown has passed", async () => {
    const one = await keyPair("one");
    const url = await serve([one.jwk]);
    const token = await one.sign();
    const listed = answer;
    answer = () => ({ status: 503 });
    const patient = await verifier(url);
    for (let tries = 0; tries < 5; tries++) expect(await codeOf(patient(token))).toBe("AUTH_UNAVAILABLE");
    expect(asked).toBe(1);
    const eager = await verifier(url, { jwksCooldownMs: 0 });
    expect(await codeOf(eager(token))).toBe("AUTH_UNAVAILABLE");
    answer = listed;
    expect(await codeOf(eager(token))).toBe("VERIFIED");
  });
});
