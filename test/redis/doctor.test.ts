import { checkRedis } from "frontrow/doctor/redis.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RedisServer, redisMissing, startRedis, targetOf } from "../support/redis-server.ts";

const missing = redisMissing();
const levels = (findings: Awaited<ReturnType<typeof checkRedis>>) =>
  Object.fromEntries(findings.map((finding) => [finding.subject, finding.level]));

describe.skipIf(missing)(`frontrow doctor and Redis${missing ? `: ${missing}` : ""}`, () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis([
      "--user",
      ..."reader on >reader-password ~* &* +info +time +ping +hello +client".split(" "),
    ]);
  });
  afterAll(() => redis.close());

  it("[CF29] a Redis that is fine answers with version, policy, clock and scripts", async () => {
    expect(levels(await checkRedis(redis.target))).toEqual({
      redis: "ok",
      "redis maxmemory-policy": "ok",
      "redis clock": "ok",
      "redis scripts": "ok",
    });
  });

  it("[CF29] one that evicts, or whose user may run no scripts, fails", async () => {
    const evicting = await startRedis(["--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"]);
    expect(levels(await checkRedis(evicting.target))["redis maxmemory-policy"]).toBe("fail");
    await evicting.close();
    const reader = targetOf(`redis://reader:reader-password@127.0.0.1:${redis.port}`);
    expect(levels(await checkRedis(reader))["redis scripts"]).toBe("fail");
  });

  it("[CF29] one that is frozen, gone or refuses the password fails with its address and without the password", async () => {
    redis.freeze();
    const frozen = await checkRedis(redis.target).finally(() => redis.thaw());
    const wrong = await checkRedis(targetOf(`redis://reader:hunter2@127.0.0.1:${redis.port}`));
    const gone = await checkRedis(targetOf("redis://:hunter2@127.0.0.1:9"));
    for (const findings of [frozen, wrong, gone]) {
      expect(findings).toMatchObject([{ level: "fail", subject: "redis" }]);
      expect(findings[0]?.says).toMatch(/^127\.0\.0\.1:\d+: /);
      expect(JSON.stringify(findings)).not.toContain("hunter2");
    }
  });
});
