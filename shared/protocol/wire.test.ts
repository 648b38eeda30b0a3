import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { defaultLimits } from "../limits.ts";
import { decode, encode, SUBPROTOCOLS } from "./codec.ts";
import { samples } from "./samples.ts";
import { PROTOCOL_VERSION, PROTOCOL_VERSION_MIN } from "./version.ts";
import { bytesOf, GOLDEN_FILE, type Golden, hexOf, makeGolden, type Wire, wires } from "./wire-pin.ts";

const golden: Golden = JSON.parse(readFileSync(join(import.meta.dirname, "../..", GOLDEN_FILE), "utf8"));
const made = await makeGolden();
const kinds = Object.keys(wires) as Wire[];
const ON_PURPOSE = "a message changed: bump or explain in version.ts, then npm run generate -- --wire";

describe("the pinned wire", () => {
  it("[WR1] the schemas are the ones that were pinned, under the version that was pinned", () => {
    expect({ version: made.version, schemaHash: made.schemaHash }, ON_PURPOSE).toEqual({
      version: golden.version,
      schemaHash: golden.schemaHash,
    });
  });

  it("[WR1] every version up to this one has its line of history, and the oldest still spoken is one of them", () => {
    const history = readFileSync(join(import.meta.dirname, "version.ts"), "utf8");
    for (let version = 1; version <= PROTOCOL_VERSION; version++) {
      expect(history).toMatch(new RegExp(`^ \\* ${version} {2,}\\d{4}-\\d{2} {2,}\\S`, "m"));
    }
    expect(PROTOCOL_VERSION_MIN).toBeGreaterThan(0);
    expect(PROTOCOL_VERSION_MIN).toBeLessThanOrEqual(PROTOCOL_VERSION);
  });

  it.each(kinds)("[WR2] every message of %s has a sample, and no pinned sample was taken away", (kind) => {
    const known = wires[kind].options.map((schema) => (schema.shape.t as { value: string }).value);
    expect(new Set(samples[kind].map((message) => message.t))).toEqual(new Set(known));
    expect(golden.messages[kind].map((pinned) => pinned.message)).toEqual(samples[kind]);
  });

  it.each(kinds)("[WR2] every sample of %s encodes to its pinned bytes, and these decode to it", (kind) => {
    for (const { message, msgpack } of golden.messages[kind]) {
      expect(hexOf(encode(message, "frontrow.v1") as Uint8Array)).toBe(msgpack);
      const decoded = decode(wires[kind], bytesOf(msgpack), defaultLimits.edgeMessageBytes);
      expect(decoded).toEqual({ ok: true, value: message });
    }
  });

  it.each(kinds)("[WR6] every sample of %s is the same message in both encodings", (kind) => {
    for (const message of samples[kind]) {
      const both = SUBPROTOCOLS.map((each) =>
        decode(wires[kind], encode(message, each), defaultLimits.edgeMessageBytes),
      );
      expect(both[0]).toEqual({ ok: true, value: message });
      expect(both[1]).toEqual(both[0]);
    }
  });

  it("[WR8] a client's longest honest message fits its bound, in both encodings", () => {
    const longest = [
      { t: "hello", v: 1, jwt: "j".repeat(4_096), build: "b".repeat(64), platform: "p".repeat(32) },
      {
        ...{ t: "join", id: "i".repeat(32), room: { code: "c".repeat(32) } },
        options: { o: "x".repeat(defaultLimits.joinOptionsBytes) },
      },
    ];
    for (const message of longest) {
      for (const subprotocol of SUBPROTOCOLS) {
        expect(decode(wires.up, encode(message, subprotocol), defaultLimits.edgeMessageBytes).ok).toBe(true);
      }
    }
  });
});
