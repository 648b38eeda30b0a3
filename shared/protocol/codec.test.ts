import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { defaultLimits } from "../limits.ts";
import { decode, encode, encodeMsgpack, SUBPROTOCOLS } from "./codec.ts";
import { Down } from "./down.ts";
import { LinkDown, LinkUp } from "./link.ts";
import { msgpackShape } from "./msgpack-shape.ts";
import { Up } from "./up.ts";

const BYTES = defaultLimits.edgeMessageBytes;
const MEGABYTE = 1_048_576;
const anything = z.unknown();
const refusedBy = (data: Uint8Array | string, bytesMax = 4 * MEGABYTE) => {
  const decoded = decode(anything, data, bytesMax);
  return decoded.ok ? "accepted" : decoded.why;
};
/** `head` so often, then a nil, so that the value is complete. */
const nested = (head: number[], levels: number) =>
  Uint8Array.from({ length: head.length * levels + 1 }, (_, at) =>
    at < head.length * levels ? head[at % head.length]! : 0xc0,
  );

describe("decoding", () => {
  it("[WR3] bytes and text over the bound are refused before they are parsed", () => {
    expect(refusedBy(new Uint8Array(BYTES + 1).fill(0xc1), BYTES)).toBe(`larger than ${BYTES} bytes`);
    expect(refusedBy("x".repeat(BYTES + 1), BYTES)).toBe(`larger than ${BYTES} bytes`);
    expect(refusedBy(new Uint8Array(BYTES).fill(0xc1), BYTES)).toBe("not msgpack");
  });

  it("[WR3] any bytes and any text end in a value or a reason, never in a throw", () => {
    const schemas = [Up, Down, z.array(LinkUp), z.array(LinkDown), anything];
    const input = fc.oneof(
      fc.uint8Array({ maxLength: 512 }),
      fc.string({ unit: "binary", maxLength: 512 }),
      fc.json({ maxDepth: 6 }),
      fc.anything({ maxDepth: 5 }).map((value) => encodeQuietly(value)),
    );
    fc.assert(
      fc.property(input, fc.constantFrom(...schemas), (data, schema) => {
        const decoded = decode(schema, data, BYTES);
        expect(decoded.ok ? "value" in decoded : typeof decoded.why === "string").toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("[WR3] a message with one byte changed is a message or refused, never a throw", () => {
    const whole = encodeMsgpack({
      t: "join",
      id: "a",
      room: { roomId: "fra_7_abcde" },
      options: { a: [1, { b: null }] },
    });
    for (let at = 0; at < whole.length; at++) {
      for (const value of [0x00, 0x7f, 0x80, 0xc1, 0xc6, 0xdc, 0xdd, 0xdf, 0xff]) {
        const changed = Uint8Array.from(whole);
        changed[at] = value;
        expect(() => decode(Up, changed, BYTES)).not.toThrow();
      }
    }
  });
});

describe("msgpack bombs", () => {
  const bombs: Record<string, number[]> = {
    "array 32 that claims 4 billion": [0xdd, 0xff, 0xff, 0xff, 0xff],
    "map 32 that claims 4 billion": [0xdf, 0xff, 0xff, 0xff, 0xff],
    "string 32 that claims 4 GB": [0xdb, 0xff, 0xff, 0xff, 0xff],
    "binary 32 that claims 4 GB": [0xc6, 0xff, 0xff, 0xff, 0xff],
    "extension 32 that claims 4 GB": [0xc9, 0xff, 0xff, 0xff, 0xff, 0x01],
    "40 bytes of nested array headers": Array.from({ length: 8 }, () => [0xdd, 0xff, 0xff, 0xff, 0xff]).flat(),
    "40 bytes of nested array headers that the engine would make room for": Array.from({ length: 8 }, () => [
      0xdd, 1, 255, 255, 255,
    ]).flat(),
    "40 bytes of nested map headers": Array.from({ length: 8 }, () => [0xdf, 0xff, 0xff, 0xff, 0xff]).flat(),
    "a binary of one byte": [0xc4, 0x01, 0x00],
    "a timestamp": [0xd6, 0xff, 0, 0, 0, 0],
    "a byte that is no type": [0xc1],
    nothing: [],
    "two values": [0xc0, 0xc0],
    "a map whose key is a map": [0x81, 0x80, 0xc0],
    "a map whose key is __proto__": [0x81, 0xa9, ...Buffer.from("__proto__"), 0x80],
  };
  it.each(Object.entries(bombs))("[WR4] %s is refused", (_, bytes) => {
    expect(refusedBy(Uint8Array.from(bytes))).toBe("not msgpack");
  });

  it("[WR4] lists, maps and texts are taken up to their bounds and not beyond, also when all of it is there", () => {
    const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, 0]));
    for (const sized of [
      (n: number) => Array(4_096 + n).fill(0),
      (n: number) => keys(256 + n),
      (n: number) => "x".repeat(65_536 + n),
    ]) {
      expect(refusedBy(encodeMsgpack(sized(0)))).toBe("accepted");
      expect(refusedBy(encodeMsgpack(sized(1)))).toBe("not msgpack");
    }
  });

  it("[WR4] a megabyte of array or map headers is refused", () => {
    expect(refusedBy(new Uint8Array(MEGABYTE).fill(0x91))).toMatch(/^nested deeper/);
    expect(refusedBy(nested([0x91], MEGABYTE))).toMatch(/^nested deeper/);
    expect(refusedBy(nested([0x81, 0xa1, 0x61], MEGABYTE / 4))).toMatch(/^nested deeper/);
  });

  it("[WR4] headers that claim values which are not there make no room for them", () => {
    // The decoder made room for each of 4,096 claimed values at every level: 400 kB cost it all of 4 GB. A claim that the
    // bytes cannot hold is now refused before it.
    for (const header of [
      [0xdc, 0x10, 0x00],
      [0xdd, 0x00, 0x00, 0x10, 0x00],
      [0xde, 0x01, 0x00, 0xa1, 0x61],
    ]) {
      expect(refusedBy(nested(header, 10))).toBe("not msgpack");
      expect(refusedBy(nested(header, 100_000))).not.toBe("accepted");
    }
  });

  it("[WR4] whatever is encoded has the shape that is looked for, and no shorter part of it has", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const bytes = encodeMsgpack(value);
        expect(msgpackShape(bytes, 32)).toBe("good");
        expect(msgpackShape(Uint8Array.from([...bytes, 0]), 32)).toBe("broken");
        for (let end = 0; end < Math.min(bytes.length, 64); end++) {
          expect(msgpackShape(bytes.subarray(0, end), 32)).toBe("broken");
        }
      }),
    );
  });

  it("[WR4] 32 levels are taken and 33 are not, in both encodings", () => {
    const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);
    for (const subprotocol of SUBPROTOCOLS) {
      expect(refusedBy(encode(deep(32), subprotocol)), subprotocol).toBe("accepted");
      expect(refusedBy(encode(deep(33), subprotocol)), subprotocol).toBe("nested deeper than 32");
    }
  });

  it("[WR4] text that is no UTF-8 names nothing: it is refused, or the pattern refuses what it became", () => {
    for (const text of [
      [0xff, 0xfe],
      [0xc3, 0x28],
      [0xed, 0xa0, 0x80],
      [0xf0, 0x28, 0x8c, 0x28],
      [0xc0, 0xaf],
    ]) {
      const message = [0x82, 0xa1, 0x74, 0xa6, ...Buffer.from("cancel"), 0xa2, 0x69, 0x64, 0xa0 + text.length, ...text];
      expect(decode(Up, Uint8Array.from(message), BYTES).ok).toBe(false);
    }
  });
});

describe("JSON", () => {
  it.each([
    ["nothing", ""],
    ["half an object", '{"t":'],
    ["two values", "{}{}"],
    ["a comment", "{/**/}"],
    ["NaN", "NaN"],
    ["a megabyte of brackets that never close", "[".repeat(MEGABYTE)],
  ])("[WR5] %s is not JSON", (_, text) => {
    expect(refusedBy(text)).toBe("not JSON");
  });

  it("[WR5] a megabyte of nested arrays or objects is refused", () => {
    expect(refusedBy("[".repeat(MEGABYTE) + "]".repeat(MEGABYTE))).not.toBe("accepted");
    expect(refusedBy(`${'{"a":'.repeat(200_000)}1${"}".repeat(200_000)}`)).not.toBe("accepted");
  });

  it("[WR5] __proto__ and constructor in join options change no prototype", () => {
    const text =
      '{"t":"play","id":"a","mode":"arena","options":{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}}';
    const decoded = decode(Up, text, BYTES);
    const options = decoded.ok && decoded.value.t === "play" ? decoded.value.options : undefined;
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
    expect((options as { admin?: boolean } | undefined)?.admin).toBeUndefined();
  });
});

describe("messages", () => {
  it("[WR6] msgpack and JSON carry the same messages", () => {
    const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,32}$/);
    const options = fc.option(fc.dictionary(fc.string({ maxLength: 20 }), fc.jsonValue({ maxDepth: 3 })), {
      nil: undefined,
    });
    fc.assert(
      fc.property(id, options, (ticket, sent) => {
        const message = { t: "play", id: ticket, mode: "arena", ...(sent ? { options: sent } : {}) };
        const [packed, text] = SUBPROTOCOLS.map((each) => decode(Up, encode(message, each), 65_536));
        if (packed?.ok && text?.ok) expect(JSON.stringify(packed.value)).toBe(JSON.stringify(text.value));
        // msgpack's decoder refuses what JSON's leaves to the schema.
        else expect(JSON.stringify(sent)).toContain('"__proto__"');
      }),
    );
  });

  it("[WR7] fields that this version does not know are dropped, messages that it does not know are refused", () => {
    expect(decode(Up, '{"t":"cancel","id":"a","later":1}', BYTES)).toEqual({
      ok: true,
      value: { t: "cancel", id: "a" },
    });
    expect(decode(Up, '{"t":"later","id":"a"}', BYTES).ok).toBe(false);
  });

  it("[WR7] a reason names at most eight paths, so that a flood of problems is no flood of text", () => {
    const schema = z.array(z.int());
    const decoded = decode(schema, JSON.stringify(Array(1_000).fill("x")), 65_536);
    expect(decoded).toMatchObject({ ok: false });
    if (!decoded.ok) expect(decoded.why.split("; ")).toHaveLength(8);
  });
});

/** Whatever fast-check thinks of, as bytes; what has no encoding becomes one that has. */
function encodeQuietly(value: unknown): Uint8Array {
  try {
    return encodeMsgpack(value);
  } catch {
    return new Uint8Array([0xc1]);
  }
}
