import { expect, it } from "vitest";
import { type ConfigurationError, parseSettings } from "./parse-settings.ts";

function problems(env: Record<string, string>): readonly string[] {
  try {
    parseSettings("game-server", { REDIS_URL: "redis://127.0.0.1", ...env });
    return [];
  } catch (error) {
    return (error as ConfigurationError).problems;
  }
}

it("[DR1] a deadline that does not fit into the grace is told with both numbers and what to do", () => {
  const given = { FRONTROW_DRAIN_MS: "300000", FRONTROW_GRACE_MS: "300000" };
  const [problem, ...others] = problems(given);
  expect(others).toEqual([]);
  expect(problem).toContain("FRONTROW_DRAIN_MS (300000)");
  expect(problem).toContain("FRONTROW_GRACE_MS (300000)");
  expect(problems({ ...given, FRONTROW_GRACE_MS: "310000" })).toEqual([]);
});

it("[DR1] in Kubernetes the grace is what holds there unless it is said; elsewhere nobody knows it", () => {
  const pod = { KUBERNETES_SERVICE_HOST: "10.0.0.1" };
  expect(problems({ ...pod, FRONTROW_DRAIN_MS: "20000" })).toEqual([]);
  expect(problems({ ...pod, FRONTROW_DRAIN_MS: "20001" })).toEqual([
    expect.stringContaining("the 30000 that Kubernetes gives unless told"),
  ]);
  expect(problems({ ...pod, FRONTROW_DRAIN_MS: "300000", FRONTROW_GRACE_MS: "330000" })).toEqual([]);
  expect(problems({ FRONTROW_DRAIN_MS: "300000" })).toEqual([]);
});

it("[DR1] what is waited for unless it is said fits Kubernetes in production, and is nothing on a developer's machine", () => {
  expect(parseSettings("game-server", { REDIS_URL: "redis://127.0.0.1" }).drainMs).toBe(0);
  const production = { NODE_ENV: "production", KUBERNETES_SERVICE_HOST: "10.0.0.1" };
  expect(problems(production).filter((problem) => problem.includes("DRAIN"))).toEqual([]);
});
