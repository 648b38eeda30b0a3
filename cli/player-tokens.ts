/** From the settings of a process to its check of player tokens. */
import type { JwtKey } from "@frontrow/shared/config/setting-shapes.ts";
import { createVerifyPlayer, type VerifyPlayer } from "@frontrow/shared/identity/verify-player.ts";
import type { Limits } from "@frontrow/shared/limits.ts";

export interface PlayerTokenSettings {
  readonly jwksUrl: string | undefined;
  readonly jwtKey: JwtKey | undefined;
  readonly jwtIssuer: string | undefined;
  readonly jwtAudience: string | undefined;
}

/** The check, or undefined where no key is configured: then there are only guests. */
export async function playerTokensOf(settings: PlayerTokenSettings, limits: Limits): Promise<VerifyPlayer | undefined> {
  const keys = settings.jwksUrl ? { kind: "jwks" as const, url: settings.jwksUrl } : settings.jwtKey;
  if (!keys) return undefined;
  return createVerifyPlayer({ keys, issuer: settings.jwtIssuer, audience: settings.jwtAudience, limits });
}
