/** What a client hears when its game server is there no more, without a word. */
import { createClient } from "@frontrow/client";
import { afterAll, expect, it, vi } from "vitest";
import type config from "../../cli/arena/frontrow.config.ts";
import { type FrontrowProcess, startFrontrow } from "../support/frontrow.ts";

let dev: FrontrowProcess | undefined;
afterAll(async () => void (await dev?.end("SIGKILL")));

// Node's own WebSocket tells of a refused dial by `error` alone. The SDK goes on upon `close`: after its first attempt it said and did
// nothing more, and the room stood still for ever.
it("[RS10] dials that are refused are tried again, and then the room ends: also in Node", async () => {
  for (const chatter of ["info", "warn"] as const) vi.spyOn(console, chatter).mockImplementation(() => {});
  dev = await startFrontrow("dev");
  const client = createClient<typeof config>({ url: dev.url });
  const played = await client.play("arena");
  if (!played.ok) throw new Error(played.message);
  const { room } = played;
  room.reconnection.maxRetries = 3;
  const [drops, left] = [vi.fn(), vi.fn()];
  room.onDrop(drops);
  room.onLeave(left);
  // Rooms that were up for less are not come back to.
  await new Promise((resolve) => setTimeout(resolve, room.reconnection.minUptime + 100));
  await dev.end("SIGKILL");
  await vi.waitFor(() => expect(left).toHaveBeenCalledExactlyOnceWith(4003, expect.any(String)), { timeout: 15_000 });
  expect(drops).toHaveBeenCalledTimes(4);
  client.close();
}, 60_000);
