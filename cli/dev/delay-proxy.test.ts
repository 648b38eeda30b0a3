import { type AddressInfo, connect, createServer } from "node:net";
import { afterEach, expect, it, vi } from "vitest";
import { type DelayProxy, startDelayProxy } from "./delay-proxy.ts";

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

/** An echo server behind a proxy, and a client that says one thing at a time. */
async function echoBehind(roundTripMs: number) {
  const server = createServer((socket) => socket.pipe(socket)).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  open.push(server);
  const { port } = server.address() as AddressInfo;
  const proxy: DelayProxy = await startDelayProxy({ port: 0, target: { host: "127.0.0.1", port }, roundTripMs });
  open.push(proxy);
  const client = connect(proxy.port, "127.0.0.1");
  let heard = "";
  client.on("data", (chunk) => {
    heard += chunk;
  });
  client.on("error", () => {});
  return { proxy, client, heard: () => heard };
}

it("[DV1] the proxy adds its round trip, keeps the order and loses nothing", async () => {
  const { client, heard } = await echoBehind(60);
  const started = performance.now();
  for (let i = 0; i < 200; i++) client.write(`${i},`);
  await vi.waitFor(() => expect(heard().endsWith("199,")).toBe(true), { interval: 1 });
  expect(performance.now() - started).toBeGreaterThanOrEqual(58);
  expect(heard()).toBe(Array.from({ length: 200 }, (_, i) => `${i},`).join(""));
});

it("[DV1] a stalled proxy delivers everything once it flows, and a cut one breaks its connections", async () => {
  const { proxy, client, heard } = await echoBehind(0);
  client.write("a");
  await vi.waitFor(() => expect(heard()).toBe("a"));
  proxy.stall(true);
  client.write("b");
  await expect(vi.waitFor(() => expect(heard()).toBe("ab"), { timeout: 100 })).rejects.toThrow();
  proxy.stall(false);
  await vi.waitFor(() => expect(heard()).toBe("ab"));
  const closed = new Promise((resolve) => client.once("close", resolve));
  proxy.cut();
  await closed;
});
