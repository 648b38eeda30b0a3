/** Bad bytes on the players' socket of the edge, before and after the hello, in both subprotocols. */
import { errorCatalogue } from "@frontrow/shared/errors.ts";
import { decode, encode, SUBPROTOCOLS, type Subprotocol } from "@frontrow/shared/protocol/codec.ts";
import { Down } from "@frontrow/shared/protocol/down.ts";
import { describe, expect, it } from "vitest";
import { frame } from "../support/sockets.ts";
import { jsonBombs, msgpackBombs } from "./tools/bombs.ts";
import { seededBytes } from "./tools/junk.ts";
import type { Line } from "./tools/line.ts";
import { brokenFrames, rawLine } from "./tools/raw-line.ts";
import { fleetScene } from "./tools/scene.ts";

const scene = fleetScene({ limits: { helloMs: 1_000 } });
const BAD = { code: errorCatalogue.BAD_MESSAGE.close, reason: "BAD_MESSAGE" };
const BYTES_MAX = 8_192;
/** That a process may grow by while it refuses bombs: a decoder that believes them makes room for 100 MB each. */
const MEMORY_MAX = 48_000_000;

async function lineOf(protocol: Subprotocol, isGreeted: boolean, from: string): Promise<Line> {
  const line = scene.dial(`${scene.url}/v1/ws`, { protocols: [protocol], from });
  await line.opened();
  if (isGreeted) line.send(encode({ t: "hello", v: 1 }, protocol));
  return line;
}

const lastSaid = (line: Line) => {
  const text = line.heard.at(-1)!;
  const decoded = decode(Down, text, 65_536);
  return decoded.ok && decoded.value.t === "error" ? decoded.value.code : text;
};

describe.each([
  { is: "before the hello", greeted: false, network: "127.1.0" },
  { is: "after the hello", greeted: true, network: "127.1.1" },
])("$is", ({ greeted, network }) => {
  it("[AT1] msgpack bombs end their own connection with BAD_MESSAGE, and are made no room for", async () => {
    const weight = () => scene.frontrow.member("edge").metric("process_resident_memory_bytes");
    const before = await weight();
    for (const [name, bomb] of Object.entries(msgpackBombs(8_000))) {
      const line = await lineOf("frontrow.v1", greeted, `${network}.1`);
      line.send(bomb);
      expect(await line.ended(), name).toEqual(BAD);
      expect(lastSaid(line), name).toBe("BAD_MESSAGE");
    }
    expect((await weight()) - before).toBeLessThan(MEMORY_MAX);
  });

  it("[AT1] JSON bombs end their own connection with BAD_MESSAGE", async () => {
    for (const [name, bomb] of Object.entries(jsonBombs(8_000))) {
      const line = await lineOf("frontrow.v1.json", greeted, `${network}.2`);
      line.send(bomb);
      expect(await line.ended(), name).toEqual(BAD);
      expect(lastSaid(line), name).toBe("BAD_MESSAGE");
    }
  });

  it("[AT2] a message over the bound ends its connection", async () => {
    for (const protocol of SUBPROTOCOLS) {
      const line = await lineOf(protocol, greeted, `${network}.3`);
      line.send(protocol === "frontrow.v1" ? Buffer.alloc(BYTES_MAX + 1) : " ".repeat(BYTES_MAX + 1));
      expect([1006, 1009], protocol).toContain((await line.ended()).code);
    }
  });

  it("[AT3] the wrong type of frame for the subprotocol ends the connection with BAD_MESSAGE's code", async () => {
    for (const protocol of SUBPROTOCOLS) {
      const other = protocol === "frontrow.v1" ? "frontrow.v1.json" : "frontrow.v1";
      const line = await lineOf(protocol, greeted, `${network}.4`);
      line.send(encode({ t: "hello", v: 1 }, other));
      expect((await line.ended()).code, protocol).toBe(BAD.code);
    }
  });

  it("[AT4] random bytes end their own connection", async () => {
    for (let seed = 1; seed <= 32; seed++) {
      const line = await lineOf("frontrow.v1", greeted, `${network}.5`);
      line.send(seededBytes(seed));
      expect(await line.ended(), `seed ${seed}`).toEqual(BAD);
    }
  });
});

it("[AT5] frames that break the WebSocket protocol, or never end, cost their own connection and nobody else's", async () => {
  const { port } = new URL(scene.url);
  const lines = await Promise.all(
    Object.entries(brokenFrames).map(async ([name, { bytes, mustEnd }], at) => {
      const headers = { "sec-websocket-protocol": "frontrow.v1.json" };
      const line = await rawLine(Number(port), "/v1/ws", { headers, from: `127.1.2.${at + 1}` });
      // After a hello nothing but the bytes themselves ends the session.
      line.socket.write(frame(1, JSON.stringify({ t: "hello", v: 1 })));
      line.socket.write(bytes);
      return { name, line, mustEnd };
    }),
  );
  for (const { name, line, mustEnd } of lines) {
    if (mustEnd) await line.closed(name);
    else line.socket.end();
  }
  for (const { name, line } of lines) await line.closed(name);
});

it("[AT4] the doors of Colyseus' latency check echo their one byte, and close on anything else", async () => {
  for (const { url } of [scene, scene.frontrow.member("game-server 1")]) {
    const honest = scene.dial(`${url}/`, { from: "127.1.4.1" });
    await honest.opened();
    honest.send(Buffer.from([18]));
    await expect.poll(() => honest.heard.length).toBe(1);
    for (const [at, junk] of [Buffer.alloc(0), Buffer.from([18, 18]), "text", seededBytes(1, 15)].entries()) {
      const line = scene.dial(`${url}/`, { from: "127.1.4.2" });
      await line.opened();
      line.send(junk);
      expect((await line.ended()).code, `${at}`).toBe(BAD.code);
    }
    const large = scene.dial(`${url}/`, { from: "127.1.4.3" });
    await large.opened();
    large.send(Buffer.alloc(17));
    expect([1006, 1009]).toContain((await large.ended()).code);
  }
});

it("[AT6] a message that was never finished is nobody's message: the peer that half-closed or vanished leaves no session", async () => {
  const edge = scene.frontrow.member("edge");
  const { port } = new URL(scene.url);
  const hello = encode({ t: "hello", v: 1 }, "frontrow.v1.json") as string;
  const text = Buffer.from([0x81, 0x80 | hello.length, 0, 0, 0, 0, ...Buffer.from(hello)]);
  for (let cut = 1; cut < text.length; cut += 5) {
    const headers = { "sec-websocket-protocol": "frontrow.v1.json" };
    const line = await rawLine(Number(port), "/v1/ws", { headers, from: "127.1.3.1" });
    line.socket.write(text.subarray(0, cut));
    if (cut % 2 === 0) line.socket.end();
    else line.socket.destroy();
    await line.closed(`cut after ${cut}`);
  }
  await expect.poll(() => edge.metric("frontrow_edge_sessions"), { timeout: 5_000 }).toBe(1);
});

it("[AT30] afterwards every process answers, none threw, and no log holds a secret", async () => {
  expect(await scene.frontrow.problems()).toEqual([]);
});
