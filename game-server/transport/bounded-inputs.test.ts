/**
 * A 3-byte input frame made a stock room read the same slot for ever, with every other room of the process. What passes the
 * frame guard is decoded as before.
 */
import { schema, t } from "@colyseus/schema";
import { InputDecoder, InputEncoder } from "@colyseus/schema/input";
import { expect, it } from "vitest";
import { boundInputDecoding } from "./bounded-inputs.ts";

const Steer = schema({ x: t.int16().default(0), fire: t.boolean().default(false) }, "Steer");

it("[GS22] a slot of negative length, or one beyond the frame, ends the decoding with an error", () => {
  boundInputDecoding();
  const decoder = new InputDecoder(new Steer());
  for (const frame of [
    [0, 0xff],
    [0, 9, 1],
    [0, 1],
  ]) {
    expect(() => decoder.decodeAll(Uint8Array.from(frame), () => {})).toThrow(RangeError);
  }
});

it("[GS22] honest inputs are decoded as the stock loop decodes them", () => {
  const { decodeAll: stock } = InputDecoder.prototype;
  boundInputDecoding();
  const input = new Steer();
  const encoder = new InputEncoder(input, { mode: "unreliable", historySize: 3 });
  for (let x = 1; x <= 5; x++) {
    input.x = x * 100;
    input.fire = x % 2 === 0;
    const frame = Uint8Array.from(encoder.encode());
    const read = (decodeAll: typeof stock) => {
      const seen: unknown[] = [];
      const decoder = new InputDecoder(new Steer());
      decodeAll.call(decoder, frame, (instance, sequence) => seen.push([instance.x, instance.fire, sequence]));
      return seen;
    };
    expect(read(InputDecoder.prototype.decodeAll)).toEqual(read(stock));
  }
});
