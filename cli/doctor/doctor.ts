/** Every check that fits a process, from its configuration to what the configuration names. */
import { ConfigurationError, type Environment } from "@frontrow/shared/config/parse-settings.ts";
import type { ProcessKind, SettingsOf } from "@frontrow/shared/config/settings.ts";
import { createVerifyPlayer } from "@frontrow/shared/identity/verify-player.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import { type Configuration, DEMO_CONFIG_FILE, loadConfiguration } from "../config-file.ts";
import { type Finding, fail, ok, sentenceOf, within } from "./finding.ts";
import { checkKeys } from "./keys.ts";
import { checkLinks } from "./links.ts";
import { checkNode, checkPort, checkTls, checkTransport } from "./machine.ts";
import { checkRedis } from "./redis.ts";

type AnySettings = Partial<SettingsOf<"dev"> & SettingsOf<"edge">>;

export async function diagnose(kind: ProcessKind, env: Environment, workingDirectory: string): Promise<Finding[]> {
  const machine = [checkNode(process.versions.node), ...checkKeys(env)];
  try {
    const fallback = kind === "dev" ? DEMO_CONFIG_FILE : undefined;
    const loaded = await loadConfiguration(kind, env, workingDirectory, fallback);
    const { settings, limits, file } = loaded as Configuration<ProcessKind>;
    const named = await checkNamed(settings as AnySettings, limits);
    return [ok("configuration", `${file} and the environment are fine for ${kind}`), ...machine, ...named];
  } catch (error) {
    const problems = error instanceof ConfigurationError ? error.problems : [sentenceOf(error)];
    const remedy = "correct it; what else it names is checked once it is read";
    return [
      ...problems.map((problem) => fail("configuration", problem, remedy)),
      ...machine,
      await checkTransport("auto"),
    ];
  }
}

/** All at once: each has its own deadline. */
async function checkNamed(settings: AnySettings, limits: Limits): Promise<Finding[]> {
  const { host = "", port = 0, adminHost = "", adminPort = 0, tlsCert, tlsKey, redis, metros } = settings;
  const { linkKey = "", linkPeers = [], edgeName = "" } = settings;
  const checks: (Promise<Finding> | Promise<Finding[]>)[] = [
    checkTransport(settings.transport ?? "auto"),
    checkPort("PORT", host, port),
    checkPort("ADMIN_PORT", adminHost, adminPort),
  ];
  if (tlsCert && tlsKey) checks.push(checkTls(tlsCert, tlsKey, Date.now()));
  if (redis) checks.push(checkRedis(redis));
  if (settings.jwtKey || settings.jwksUrl) checks.push(checkPlayerTokens(settings, limits));
  if (metros) checks.push(checkLinks({ metros, linkKey, linkPeers, edgeName }, limits));
  return (await Promise.all(checks)).flat();
}

async function checkPlayerTokens({ jwtKey, jwksUrl }: AnySettings, limits: Limits): Promise<Finding> {
  try {
    if (!jwksUrl) {
      if (jwtKey) await createVerifyPlayer({ keys: jwtKey, limits });
      return ok("player tokens", "the key can verify them");
    }
    const reply = await within(limits.jwksFetchMs, fetch(jwksUrl, { redirect: "manual" }));
    const { keys } = (await reply.json()) as { keys?: unknown };
    if (!Array.isArray(keys))
      return fail("player tokens", `no list of keys at ${jwksUrl}`, "correct FRONTROW_JWKS_URL");
    return ok("player tokens", `${keys.length} keys at ${jwksUrl}`);
  } catch (error) {
    return fail("player tokens", sentenceOf(error), "correct FRONTROW_JWKS_URL or FRONTROW_JWT_KEY");
  }
}
