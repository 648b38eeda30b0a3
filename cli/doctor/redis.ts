/** Checks of the lobby index's Redis: reachable, new enough, never evicting, with a clock like ours, and willing to run scripts. */
import { createClient, type RedisClient } from "@frontrow/lobby/redis/client.ts";
import type { RedisTarget } from "@frontrow/shared/config/redis-url.ts";
import { type Finding, fail, ok, sentenceOf, warn, within } from "./finding.ts";

const ANSWER_MS = 3_000;
/** The oldest that the tests run against. */
const VERSION_MIN = 7;
/** Signed hellos and player tokens allow 5 s and more; a second is the first sign of a clock that nobody sets. */
const SKEW_MS = 1_000;

export async function checkRedis(target: RedisTarget): Promise<Finding[]> {
  const client = createClient(target, {});
  try {
    await within(ANSWER_MS, ready(client));
    return await within(ANSWER_MS, ask(client));
  } catch (error) {
    const where = target.nodes.map(({ host, port }) => `${host}:${port}`).join(", ");
    return [
      fail(
        "redis",
        `${where}: ${sentenceOf(error)}`,
        "start it, or correct REDIS_URL (user, password and TLS included)",
      ),
    ];
  } finally {
    client.disconnect();
  }
}

/** Rejects with the first error instead of waiting for a retry that ends the same. */
function ready(client: RedisClient): Promise<void> {
  return new Promise((resolve, reject) => {
    client.once("ready", resolve);
    client.on("error", reject);
  });
}

async function ask(client: RedisClient): Promise<Finding[]> {
  const info = await client.info();
  const field = (name: string) => new RegExp(`^${name}:(.*)$`, "m").exec(info)?.[1]?.trim() ?? "";
  return [
    versionFinding(field("redis_version")),
    evictionFinding(field),
    await clockFinding(client),
    await scriptFinding(client),
  ];
}

function versionFinding(version: string): Finding {
  return Number.parseInt(version, 10) >= VERSION_MIN
    ? ok("redis", `answers, version ${version}`)
    : warn("redis", `version ${version || "unknown"} is older than what is tested`, `use ${VERSION_MIN}.0 or later`);
}

function evictionFinding(field: (name: string) => string): Finding {
  const policy = field("maxmemory_policy");
  if (policy === "noeviction") return ok("redis maxmemory-policy", policy);
  const remedy = "CONFIG SET maxmemory-policy noeviction";
  return field("maxmemory") === "0"
    ? warn("redis maxmemory-policy", `${policy}, harmless only while maxmemory is 0`, remedy)
    : fail("redis maxmemory-policy", `${policy} throws leases and rooms away when memory is short`, remedy);
}

async function clockFinding(client: RedisClient): Promise<Finding> {
  const beforeMs = Date.now();
  const [seconds, micros] = (await client.time()).map(Number) as [number, number];
  const hereMs = (beforeMs + Date.now()) / 2;
  const skewMs = Math.round(seconds * 1_000 + micros / 1_000 - hereMs);
  return Math.abs(skewMs) <= SKEW_MS
    ? ok("redis clock", `${skewMs} ms from this machine's`)
    : warn("redis clock", `${skewMs} ms from this machine's`, "let NTP set both clocks");
}

async function scriptFinding(client: RedisClient): Promise<Finding> {
  try {
    await client.eval("return 1", 1, "{frontrow}:doctor");
    return ok("redis scripts", "may be run");
  } catch (error) {
    return fail(
      "redis scripts",
      sentenceOf(error),
      "allow the user EVAL, EVALSHA and SCRIPT (ACL SETUSER … +@scripting)",
    );
  }
}
