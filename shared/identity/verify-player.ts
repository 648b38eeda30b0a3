/**
 * Who a player is, from the JWT that the studio's login gave out. Which algorithms may sign follows from the kind of key that
 * the operator configured, never from the token: a token that says `alg: none`, or HS256 under a public key, finds no key.
 * Runs wherever Web Crypto does (jose).
 */
import { createRemoteJWKSet, customFetch, errors, importSPKI, type JWTVerifyGetKey, jwtVerify } from "jose";
import type { JwtKey } from "../config/setting-shapes.ts";
import { FrontrowError } from "../errors.ts";
import type { Limits } from "../limits.ts";

export interface PlayerTokenOptions {
  readonly keys: JwtKey | { readonly kind: "jwks"; readonly url: string };
  /** What `iss` and `aud` must be; not checked when undefined. */
  readonly issuer?: string | undefined;
  readonly audience?: string | undefined;
  readonly limits: Pick<Limits, "jwksFetchMs" | "jwksCacheMs" | "jwksCooldownMs" | "jwtToleranceMs">;
}

/** Rejects with AUTH_INVALID, AUTH_EXPIRED or AUTH_UNAVAILABLE. */
export type VerifyPlayer = (jwt: string) => Promise<{ readonly playerId: string; readonly expiresAtMs: number }>;

/**
 * A player's id is a part of keys and log lines: 1 to 64 characters that need no quoting anywhere. `guest_` is taken: a token
 * must not speak for somebody who has none.
 */
const PLAYER_ID = /^(?!guest_)[A-Za-z0-9][A-Za-z0-9._:@|+=-]{0,63}$/;
/** As long as `hello` takes. */
const TOKEN_CHARS_MAX = 4_096;
/** What one public key can verify, by what it turns out to be: a family of which all or none import. */
const ASYMMETRIC = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
];

/** Makes the check. Rejects with an Error when a configured public key is not one. */
export async function createVerifyPlayer(options: PlayerTokenOptions): Promise<VerifyPlayer> {
  const { algorithms, key } = await keysOf(options);
  const { issuer, audience } = options;
  const rules = {
    algorithms,
    requiredClaims: ["sub", "exp"],
    clockTolerance: options.limits.jwtToleranceMs / 1_000,
    ...(issuer ? { issuer } : {}),
    ...(audience ? { audience } : {}),
  };
  return async (jwt) => {
    if (jwt.length > TOKEN_CHARS_MAX) throw new FrontrowError("AUTH_INVALID", "It is too long.");
    const { payload } = await jwtVerify(jwt, key, rules).catch((error) => {
      throw refused(error);
    });
    const { sub, exp = 0 } = payload;
    // Whatever the type says: logins write numbers and lists here too, and 5 would pass the pattern.
    if (typeof sub !== "string" || !PLAYER_ID.test(sub))
      throw new FrontrowError("AUTH_INVALID", "Its subject cannot be a player's id.");
    return { playerId: sub, expiresAtMs: exp * 1_000 };
  };
}

async function keysOf({ keys, limits }: PlayerTokenOptions): Promise<{ algorithms: string[]; key: JWTVerifyGetKey }> {
  if (keys.kind === "jwks") return { algorithms: ASYMMETRIC, key: remoteKeys(keys.url, limits) };
  if (keys.kind === "secret") {
    const secret = new TextEncoder().encode(keys.secret);
    return { algorithms: ["HS256"], key: () => secret };
  }
  const byAlgorithm = new Map<string, CryptoKey>();
  for (const algorithm of ASYMMETRIC) {
    const imported = await importSPKI(keys.pem, algorithm).catch(() => undefined);
    if (imported) byAlgorithm.set(algorithm, imported);
  }
  if (byAlgorithm.size === 0)
    throw new Error("FRONTROW_JWT_KEY is no RSA, EC or Ed25519 public key that can verify a token");
  // The algorithm is one of `algorithms` when this is called: jose has compared them.
  return { algorithms: [...byAlgorithm.keys()], key: ({ alg }) => byAlgorithm.get(alg)! };
}

/**
 * jose caches the keys and coalesces fetches. What it lacks: after a failed fetch, others wait for the cooldown instead of each
 * running into the same deadline.
 */
function remoteKeys(url: string, limits: PlayerTokenOptions["limits"]): JWTVerifyGetKey {
  let failedUntilMs = 0;
  return createRemoteJWKSet(new URL(url), {
    timeoutDuration: limits.jwksFetchMs,
    cacheMaxAge: limits.jwksCacheMs,
    cooldownDuration: limits.jwksCooldownMs,
    [customFetch]: async (address, init) => {
      if (Date.now() < failedUntilMs) throw new FrontrowError("AUTH_UNAVAILABLE");
      try {
        const response = await fetch(address, init);
        if (response.status !== 200) throw new Error(`status ${response.status}`);
        return Response.json(await response.json());
      } catch {
        failedUntilMs = Date.now() + limits.jwksCooldownMs;
        throw new FrontrowError("AUTH_UNAVAILABLE");
      }
    },
  });
}

/** The token's fault, or the keys'. Details name the claim or the rule, never what the token says. */
function refused(error: unknown): FrontrowError {
  if (error instanceof FrontrowError) return error;
  if (error instanceof errors.JWTExpired) return new FrontrowError("AUTH_EXPIRED");
  if (error instanceof errors.JWTClaimValidationFailed) {
    return new FrontrowError("AUTH_INVALID", `Its claim "${error.claim}" does not fit.`);
  }
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported) {
    return new FrontrowError("AUTH_INVALID", "Its algorithm does not belong to the configured key.");
  }
  if (error instanceof errors.JWKSNoMatchingKey) return new FrontrowError("AUTH_INVALID", "Its key is not listed.");
  if (error instanceof errors.JWKSMultipleMatchingKeys) {
    return new FrontrowError("AUTH_INVALID", "It names no key (kid), and several are listed.");
  }
  if (error instanceof errors.JWKSInvalid) return new FrontrowError("AUTH_UNAVAILABLE");
  return new FrontrowError("AUTH_INVALID");
}
