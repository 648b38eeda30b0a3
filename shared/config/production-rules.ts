/** What is refused where real players are, beyond what the table of settings says about each variable alone. */
import { holdsDevKey } from "./dev-keys.ts";
import { isPrivateHost } from "./private-host.ts";
import type { ProcessKind, SettingsOf } from "./settings.ts";

/** Values of any process; undefined: not read by it, not given, or wrong (and reported already). */
export type AnySettings = { [N in keyof AllSettings]?: AllSettings[N] | undefined };
type AllSettings = SettingsOf<"dev"> & SettingsOf<"edge"> & SettingsOf<"matchmaker"> & SettingsOf<"game-server">;

export function productionProblems(
  kind: ProcessKind,
  settings: AnySettings,
  env: Readonly<Record<string, string | undefined>>,
): string[] {
  if (kind === "dev") {
    return ["`frontrow dev` is not for NODE_ENV=production: start edge, matchmaker and game-server instead"];
  }
  return [
    ...Object.entries(env)
      .filter(([name, text]) => name.startsWith("FRONTROW_") && text && holdsDevKey(text))
      .map(([name]) => `${name} holds the development key, which everybody knows: make one with \`frontrow keys\``),
    ...(settings.guests ? ["FRONTROW_GUESTS=yes is refused in production: anybody could be anybody"] : []),
    ...(settings.origins === "any" ? ["FRONTROW_ORIGINS=* is refused in production: name the pages"] : []),
    ...playerTokenProblems(kind, settings),
    ...plainTextProblems(settings),
  ];
}

/** A game server goes without: its seats are proof enough, and a player token presented beside one is checked where it can be. */
function playerTokenProblems(kind: ProcessKind, { jwksUrl, jwtKey, jwtIssuer, jwtAudience }: AnySettings): string[] {
  if (!jwksUrl && !jwtKey && kind !== "game-server") {
    return ["FRONTROW_JWKS_URL or FRONTROW_JWT_KEY is missing: without it no player can be told from another"];
  }
  const why = "a JWKS may sign for many applications, and a token made for another one must not open this one";
  return [
    ...(jwksUrl && !jwtIssuer ? [`FRONTROW_JWT_ISSUER is missing: ${why}`] : []),
    ...(jwksUrl && !jwtAudience ? [`FRONTROW_JWT_AUDIENCE is missing: ${why}`] : []),
  ];
}

/** Tokens are bearer capabilities: outside a private network they travel by TLS only. */
function plainTextProblems({ jwksUrl, metros, publicUrl, webhookUrl, replicas }: AnySettings): string[] {
  const plain = (url: string, scheme: string) => url.startsWith(scheme) && !isPrivateHost(url.slice(scheme.length));
  return [
    ...(webhookUrl && plain(webhookUrl, "http://")
      ? ["FRONTROW_WEBHOOK_URL must be https://: seats and players are named in it"]
      : []),
    ...(replicas ?? [])
      .filter(({ url }) => plain(url, "http://"))
      .map(({ replica }) => `FRONTROW_REPLICAS must use https:// for ${replica}: API keys and seats travel there`),
    ...(jwksUrl && plain(jwksUrl, "http://")
      ? ["FRONTROW_JWKS_URL must be https://: whoever alters the keys is everybody"]
      : []),
    ...(metros ?? [])
      .filter((link) => plain(link.url, "ws://"))
      .map((link) => `FRONTROW_METROS must use wss:// for ${link.metro}: players' tokens travel on the link`),
    ...(publicUrl && !publicUrl.secure && !isPrivateHost(publicUrl.publicAddress)
      ? ["FRONTROW_PUBLIC_URL must be wss:// or https://: seat tokens travel in its URLs"]
      : []),
  ];
}
