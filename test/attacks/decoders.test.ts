/**
 * Whatever a decoder of a socket is given: bytes of no kind, honest ones that were cut, changed, doubled and put together, and a corpus of
 * what once was or could be dear. It refuses, or what it read means the same when it is written and read again.
 */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type AnyDecoder, decoders } from "./tools/decoders.ts";

const RUNS = 600;

/** Where, what is done there, and with which byte. */
const change = fc.record({
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  how: fc.constantFrom("set", "flip", "insert", "remove", "cut", "double", "splice"),
  byte: fc.oneof(fc.constantFrom(0x00, 0x7f, 0x80, 0xc1, 0xdc, 0xdd, 0xdf, 0xff), fc.nat(255)),
});
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function changed(bytes: Uint8Array, { at, how, byte }: Change, other: Uint8Array): Uint8Array {
  const place = Math.floor(at * bytes.length);
  const [before, after] = [bytes.subarray(0, place), bytes.subarray(place)];
  switch (how) {
    case "set":
      return Uint8Array.of(...before, byte, ...after.subarray(1));
    case "flip":
      return Uint8Array.of(...before, (after[0] ?? 0) ^ (1 << (byte & 7)), ...after.subarray(1));
    case "insert":
      return Uint8Array.of(...before, byte, ...after);
    case "remove":
      return Uint8Array.of(...before, ...after.subarray(1));
    case "cut":
      return before.slice();
    case "double":
      return Uint8Array.of(...bytes, ...after);
    default:
      return Uint8Array.of(...before, ...other.subarray(Math.min(place, other.length)));
  }
}

/** Honest bytes with up to three changes, or any. */
const inputOf = ({ honest }: AnyDecoder) => {
  const one = fc.constantFrom(...honest);
  const altered = fc
    .tuple(one, fc.array(change, { maxLength: 3 }), one)
    .map(([bytes, changes, other]) => changes.reduce((now, each) => changed(now, each, other), bytes));
  return fc.oneof({ weight: 4, arbitrary: altered }, { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) });
};

/** What it read; fails where that means something else once it is written and read again. */
function readTwice({ read }: AnyDecoder, bytes: Uint8Array): "taken" | "refused" {
  const given = Uint8Array.from(bytes);
  const first = read(given);
  expect(given, "what was given is left as it is").toEqual(bytes);
  if (!first) return "refused";
  expect(read(first)).toEqual(first);
  return "taken";
}

interface Pinned {
  readonly outcome: string;
  readonly bytes: Uint8Array;
  readonly name: string;
}
/** `taken|refused <hex> <what it is>`, one a line. */
const corpusOf = (name: string): Pinned[] =>
  readFileSync(new URL(`./corpus/${name}.txt`, import.meta.url), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [outcome = "", hex = "", ...words] = line.split(" ");
      return { outcome, bytes: Uint8Array.from(Buffer.from(hex === "-" ? "" : hex, "hex")), name: words.join(" ") };
    });

// Colyseus' decoder writes what it thinks of each field that it does not know.
beforeEach(() => {
  for (const how of ["warn", "error"] as const) vi.spyOn(console, how).mockImplementation(() => {});
});
afterEach(() => void vi.restoreAllMocks());

describe.each(Object.entries(decoders))("%s", (name, decoder) => {
  it("[AT36] honest bytes are read as they were said", () => {
    for (const bytes of decoder.honest) expect(readTwice(decoder, bytes)).toBe("taken");
  });

  it("[AT36] bytes that were changed, or are of no kind, mean one thing or nothing, and nothing is thrown", () => {
    const outcomes = new Map<string, number>();
    fc.assert(
      fc.property(inputOf(decoder), (bytes) => {
        const outcome = readTwice(decoder, bytes);
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      }),
      { numRuns: RUNS },
    );
    // Neither was all of it refused at the first byte, nor is anything taken.
    for (const outcome of ["taken", "refused"]) expect(outcomes.get(outcome) ?? 0, outcome).toBeGreaterThan(RUNS / 30);
  });

  it.each(corpusOf(name))("[AT36] pinned: $name", ({ outcome, bytes }) => {
    expect(readTwice(decoder, bytes)).toBe(outcome);
  });
});
