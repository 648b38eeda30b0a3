import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { afterEach, expect, it, vi } from "vitest";
import { joinRoom } from "./join-room.ts";

afterEach(() => void vi.useRealTimers());

it("[CL10] a game server that accepts and says nothing costs eight seconds, not more", async () => {
  const silent = createServer(() => {}).listen(0, "127.0.0.1");
  await once(silent, "listening");
  const { port } = silent.address() as AddressInfo;
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const place = { mode: "arena", roomId: "fra_1_abcdef", sessionId: "s", token: "t", expiresInMs: 1, generation: 1 };
  const joining = joinRoom(
    new URL("http://127.0.0.1:1"),
    { ...place, publicAddress: `127.0.0.1:${port}`, secure: false },
    undefined,
  );
  const connected = once(silent, "connection");
  await vi.advanceTimersByTimeAsync(7_999);
  expect(await Promise.race([joining, "waiting"])).toBe("waiting");
  await connected;
  await vi.advanceTimersByTimeAsync(1);
  expect(await joining).toMatchObject({ ok: false, code: "DEADLINE", retryable: true });
  silent.close();
});
