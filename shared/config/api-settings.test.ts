import { expect, it } from "vitest";
import { devKeys } from "./dev-keys.ts";
import { type ConfigurationError, parseSettings } from "./parse-settings.ts";

const hash = "h".repeat(43);
const secret = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
const webhook = { FRONTROW_WEBHOOK_URL: "https://studio.example.com/hook", FRONTROW_WEBHOOK_SECRET: secret };

function problems(env: Record<string, string>): string {
  try {
    parseSettings("matchmaker", { REDIS_URL: "redis://127.0.0.1", ...env });
    return "";
  } catch (error) {
    return (error as ConfigurationError).problems.join("\n");
  }
}

it("[HA25] keys, webhooks and replicas are read as they are written", () => {
  const settings = parseSettings("matchmaker", {
    REDIS_URL: "redis://127.0.0.1",
    FRONTROW_API_KEYS: `a:${hash}:tickets+read, b:${hash}:modes:2027-06-30`,
    FRONTROW_REPLICAS: "mm-1=http://10.0.0.1:2600/, mm-2=https://mm-2.example.com",
    ...webhook,
  });
  expect(settings.apiKeys).toEqual([
    { id: "a", hash, scopes: ["tickets", "read"], untilMs: undefined },
    { id: "b", hash, scopes: ["modes"], untilMs: Date.UTC(2027, 5, 30) },
  ]);
  expect(settings.webhookSecrets).toEqual([secret]);
  expect(settings.replicas).toEqual([
    { replica: "mm-1", url: "http://10.0.0.1:2600" },
    { replica: "mm-2", url: "https://mm-2.example.com" },
  ]);
});

it.each([
  [{ FRONTROW_API_KEYS: devKeys.api.privateText }, "FRONTROW_API_KEYS must list keys as id:hash:scopes"],
  [{ FRONTROW_API_KEYS: `a:${hash}:tickets+all` }, "has scopes other than tickets, matches, modes, read for a"],
  [{ FRONTROW_API_KEYS: `a:${hash}:read:2027-13-01` }, "has no date after a's scopes"],
  [{ FRONTROW_API_KEYS: `a:${hash}:read,a:${hash}:read` }, "names a key twice"],
  [{ ...webhook, FRONTROW_WEBHOOK_SECRET: "hunter2" }, "must list secrets as whsec_ and base64"],
  [{ ...webhook, FRONTROW_WEBHOOK_SECRET: `${secret},${secret},${secret}` }, "two secrets at most"],
  [{ FRONTROW_WEBHOOK_URL: webhook.FRONTROW_WEBHOOK_URL }, "FRONTROW_WEBHOOK_SECRET is missing"],
  [{ FRONTROW_WEBHOOK_SECRET: secret }, "FRONTROW_WEBHOOK_URL is missing"],
  [{ FRONTROW_REPLICAS: "http://10.0.0.1" }, "must be name=url"],
  [{ FRONTROW_REPLICAS: "a=http://x,a=http://y" }, "names a replica twice"],
] as const)("[HA25] %j is refused with a sentence that shows no secret", (env, sentence) => {
  const said = problems(env);
  expect(said).toContain(sentence);
  for (const hidden of ["hunter2", secret, devKeys.api.privateText]) expect(said).not.toContain(hidden);
});

it("[HA25] production takes no well-known key, and no webhook or replica in plain text beyond a private network", () => {
  const said = problems({
    NODE_ENV: "production",
    FRONTROW_API_KEYS: `dev:${devKeys.api.publicKey}:read`,
    FRONTROW_REPLICAS: "a=http://mm.example.com,b=http://10.0.0.2",
    ...webhook,
    FRONTROW_WEBHOOK_URL: "http://studio.example.com/hook",
  });
  expect(said).toContain("FRONTROW_API_KEYS holds the development key");
  expect(said).toContain("FRONTROW_WEBHOOK_URL must be https://");
  expect(said).toContain("FRONTROW_REPLICAS must use https:// for a:");
  expect(said).not.toContain("for b:");
});
