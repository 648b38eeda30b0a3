/**
 * API keys of studios' servers: `id.secret`. The server keeps `id:hash:scopes[:until]`, never the secret, so that its environment opens
 * no door. A plain SHA-256 is enough, and right: the secret is 32 random bytes, which nobody finds by trying however fast the hash is;
 * slow hashes are for what people think up, and would let a flood of wrong keys cost us instead. Several keys are valid side by side:
 * to replace one, add the new, change the servers, take the old one off.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { ApiKey, ApiScope } from "@frontrow/shared/config/api-keys.ts";
import { FrontrowError } from "@frontrow/shared/errors.ts";

export interface ApiKeys {
  /** The key of `Authorization: Bearer id.secret`. Throws KEY_REQUIRED, KEY_INVALID. */
  verify(authorization: string, nowMs: number): ApiKey;
}

/** Of no key: what a made-up id is compared with, so that it takes as long as a wrong secret. */
const NOBODY = hashOf("");

export function createApiKeys(keys: readonly ApiKey[]): ApiKeys {
  const byId = new Map(keys.map((key) => [key.id, key]));
  return {
    verify(authorization, nowMs) {
      const bearer = /^Bearer ([\w-]{1,64})\.([\w-]{43})$/i.exec(authorization);
      if (!bearer) throw new FrontrowError(authorization === "" ? "KEY_REQUIRED" : "KEY_INVALID");
      const [, id = "", secret = ""] = bearer;
      const key = byId.get(id);
      const isRight = timingSafeEqual(Buffer.from(hashOf(secret)), Buffer.from(key?.hash ?? NOBODY));
      if (!key || !isRight) throw new FrontrowError("KEY_INVALID");
      if (key.untilMs !== undefined && nowMs >= key.untilMs) throw new FrontrowError("KEY_INVALID", "It has expired.");
      return key;
    },
  };
}

/** Throws SCOPE_MISSING. */
export function demandScope({ scopes }: ApiKey, scope: ApiScope): void {
  if (!scopes.includes(scope)) throw new FrontrowError("SCOPE_MISSING", `It needs the scope \`${scope}\`.`);
}

/** A fresh key: what its holder is given, once, and the entry that the server keeps. */
export function makeApiKey(
  id: string,
  scopes: readonly ApiScope[],
  until?: string,
): { readonly key: string; readonly entry: string } {
  const secret = randomBytes(32).toString("base64url");
  return {
    key: `${id}.${secret}`,
    entry: [id, hashOf(secret), scopes.join("+"), ...(until ? [until] : [])].join(":"),
  };
}

function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url");
}
