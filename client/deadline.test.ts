import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createClient } from "./client.ts";
import { fakeEdge } from "./fake-edge.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

const late = { ok: false, code: "DEADLINE", retryable: true, requestId: "" };

it("[CL1] an edge that falls silent is DEADLINE after ten seconds, and the next play dials again", async () => {
  const edge = fakeEdge();
  const client = createClient({ url: "http://edge.test", wire: "json", WebSocket: edge.WebSocket });
  const playing = client.play("arena");
  await vi.advanceTimersByTimeAsync(9_999);
  expect(await Promise.race([playing, "waiting"])).toBe("waiting");
  await vi.advanceTimersByTimeAsync(1);
  expect(await playing).toMatchObject(late);
  expect(edge.heard.map(({ t }) => t)).toEqual(["hello", "play", "cancel"]);
  expect(edge.sockets.map(({ readyState }) => readyState)).toEqual([2]);

  const again = client.play("arena");
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await again).toMatchObject(late);
  expect(edge.sockets).toHaveLength(2);
});

it("[CL1] a jwt function that never ends is DEADLINE too, and the next play calls it again", async () => {
  const edge = fakeEdge();
  const jwt = vi.fn(() => new Promise<string>(() => {}));
  const client = createClient({ url: "http://edge.test", wire: "json", jwt, WebSocket: edge.WebSocket });
  for (const calls of [1, 2]) {
    const playing = client.play("arena");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await playing).toMatchObject(late);
    expect(jwt).toHaveBeenCalledTimes(calls);
  }
});
