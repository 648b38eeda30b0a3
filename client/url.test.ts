import { expect, it } from "vitest";
import { createClient } from "./client.ts";
import { fakeEdge } from "./fake-edge.ts";

it.each(["localhost:2567", "play.example.com", "/edge", "ftp://edge.test", "wss:edge.test", "http://", ""])(
  "[CL1] the url %j is refused at once, and told how one begins",
  (url) => {
    const create = () => createClient({ url });
    expect(create).toThrow(TypeError);
    expect(create).toThrow("must be an address that begins with http://, https://, ws:// or wss://");
  },
);

it.each(["http://edge.test", "https://edge.test/at", "ws://edge.test:2567", "wss://edge.test", "WSS://edge.test"])(
  "[CL1] the url %j is good",
  (url) => createClient({ url }).close(),
);

it.each(["", "ABC", "LOCAL-".repeat(6)])("[CL1] %j as a code is one that no room has", async (code) => {
  const client = createClient({ url: "http://edge.test", WebSocket: fakeEdge().WebSocket });
  expect(await client.join({ code })).toMatchObject({ ok: false, code: "CODE_UNKNOWN", retryable: false });
});

it("[CL1] only the jwt function's own failure is told as its own", async () => {
  const fail = () => {
    throw new Error("no luck");
  };
  const url = "http://edge.test";
  const jwt = createClient({ url, jwt: fail, WebSocket: fakeEdge().WebSocket });
  expect(await jwt.play("arena")).toMatchObject({
    code: "AUTH_REQUIRED",
    message: expect.stringContaining("The client's jwt function failed: no luck"),
  });
  const socket = createClient({
    url,
    WebSocket: class {
      constructor() {
        fail();
      }
    } as unknown as typeof WebSocket,
  });
  const refused = await socket.play("arena");
  expect(refused).toMatchObject({ code: "EDGE_UNREACHABLE", message: expect.stringContaining("no luck") });
});
