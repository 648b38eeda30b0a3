import { afterEach, expect, it, vi } from "vitest";
import { pickListen } from "./pick.ts";

const loading = vi.hoisted(() => ({ fails: false }));
vi.mock("uWebSockets.js", async (original) => {
  if (loading.fails) throw new Error("no binary for this Node");
  return original();
});

afterEach(() => {
  loading.fails = false;
  vi.resetModules();
});

async function picked(prefer?: "uws" | "ws") {
  const listen = await pickListen(prefer);
  const listening = await listen({
    host: "127.0.0.1",
    port: 0,
    trustedProxies: [],
    httpBodyBytes: 1,
    requestHeadMs: 1_000,
    http: [],
    sockets: [],
  });
  await listening.close();
  return listening.kind;
}

it("[LS29] where uWebSockets does not load, ws takes its place, unless uWebSockets was asked for", async () => {
  loading.fails = true;
  expect(await picked()).toBe("ws");
  expect(await picked("ws")).toBe("ws");
  await expect(picked("uws")).rejects.toThrow("uWebSockets.js does not load here");
});

it("[LS29] where it loads it is chosen, unless ws was asked for", async ({ skip }) => {
  const missing = await import("uWebSockets.js").then(
    () => undefined,
    (error: Error) => error,
  );
  if (missing && !process.env.CI) skip(`uWebSockets does not load: ${missing.message}`);
  expect(await picked()).toBe("uws");
  expect(await picked("uws")).toBe("uws");
  expect(await picked("ws")).toBe("ws");
});
