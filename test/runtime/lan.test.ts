/**
 * A phone on the same network opens the page by the machine's address, not by `localhost`: every address that it is given must
 * be one that it can reach. On one machine 127.0.0.2 is such another address, and a Host header such a name.
 */
import { request } from "node:http";
import { Client } from "@colyseus/sdk";
import { createClient } from "@frontrow/client";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type FrontrowProcess, startFrontrow } from "../support/frontrow.ts";
import { redisMissing } from "../support/redis-server.ts";

beforeAll(() => {
  for (const chatter of ["info", "warn"] as const) vi.spyOn(console, chatter).mockImplementation(() => {});
});

/** What the stock doors answer to somebody who came by `host`. */
function reservationBy(host: string, port: number): Promise<{ publicAddress: string; roomId: string }> {
  return new Promise((resolve, reject) => {
    const asked = request({
      port,
      host: "127.0.0.1",
      method: "POST",
      path: "/matchmake/create/arena",
      headers: { host },
    });
    asked.once("response", async (reply) => {
      let body = "";
      for await (const bytes of reply) body += bytes;
      resolve(JSON.parse(body));
    });
    asked.once("error", reject);
    asked.end();
  });
}

async function addressesBy(url: string): Promise<{ ours: URL; stock: URL; metro: string }> {
  const client = createClient({ url });
  const played = await client.play("arena");
  if (!played.ok) throw new Error(`${played.code}: ${played.message}`);
  const stock = await new Client(url).joinById(played.roomId);
  const [ours, theirs] = [played.room.connection.url!, stock.connection.url!];
  await Promise.all([played.room.leave(), stock.leave()]);
  client.close();
  return { ours: new URL(ours), stock: new URL(theirs), metro: played.metro };
}

describe("frontrow dev", () => {
  let dev: FrontrowProcess;
  beforeAll(async () => {
    dev = await startFrontrow("dev");
  });
  afterAll(() => dev?.end());

  it("[OP9] gives whoever came by another address or name game addresses at the same one", async () => {
    const { ours, stock } = await addressesBy(`http://127.0.0.2:${dev.port}`);
    expect([ours.host, stock.host]).toEqual(Array(2).fill(`127.0.0.2:${dev.port}`));
    expect((await reservationBy("laptop.local:2567", dev.port)).publicAddress).toBe("laptop.local:2567");
    expect((await reservationBy("[fe80::1]:2567", dev.port)).publicAddress).toBe("[fe80::1]:2567");
  });
});

it("[OP8] a signal that comes as a process opens closes it in order", async () => {
  // Signals were listened for only after the start: this one killed the process, and its children stayed.
  const brief = await startFrontrow("dev");
  expect(await brief.end()).toBe(0);
});

const missing = redisMissing();
describe.skipIf(missing)(missing ?? "frontrow dev --metros", () => {
  let dev: FrontrowProcess;
  beforeAll(async () => {
    dev = await startFrontrow("dev", { args: ["--metros", "fra=4,ams=40"] });
  }, 60_000);
  afterAll(() => dev?.end());

  it("[OP9] gives each metro's game server at the same name, on a port of its own", async () => {
    // The near metro, as soon as the distances to both are known.
    const arrived = await vi.waitFor(
      async () => {
        const found = await addressesBy(`http://127.0.0.2:${dev.port}`);
        expect(found.metro).toBe("fra");
        return found;
      },
      { timeout: 15_000, interval: 500 },
    );
    expect([arrived.ours.hostname, arrived.stock.hostname]).toEqual(["127.0.0.2", "127.0.0.2"]);
    expect(arrived.ours.port).toBe(arrived.stock.port);
    expect(arrived.ours.port).not.toBe(`${dev.port}`);
    const { publicAddress } = await reservationBy("laptop.local:2567", dev.port);
    expect(publicAddress).toBe(`laptop.local:${arrived.ours.port}`);
  });

  it("[OP13] seats in the near metro, says why, and tells both distances", async () => {
    const client = createClient({ url: dev.url });
    await vi.waitFor(
      async () => {
        const played = await client.play("arena");
        expect(played).toMatchObject({ ok: true, metro: "fra" });
        if (played.ok) {
          await played.room.leave();
          expect(played.why.join(" ")).toMatch(/^fra: .* ms.*, chosen\. ams: \d+ ms/);
        }
        const { metros = [] } = client.distances() ?? {};
        const [ams, fra] = ["ams", "fra"].map((metro) => metros.find((each) => each.metro === metro)?.rttMs ?? 0);
        expect(ams).toBeGreaterThanOrEqual(39);
        expect(fra).toBeGreaterThanOrEqual(3);
        expect(fra).toBeLessThan(ams!);
      },
      { timeout: 15_000, interval: 600 },
    );
    client.close();
  });

  it("[OP8] leaves nothing of its children behind", async () => {
    const children = dev.said().match(/^.*game server is open.*port=(\d+)/gm) ?? [];
    expect(children).toHaveLength(2);
    expect(await dev.end()).toBe(0);
    for (const line of children) {
      const port = /port=(\d+)/.exec(line)?.[1];
      await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
    }
  });
});
