import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decode, encodeMsgpack } from "./codec.ts";
import { Json } from "./json.ts";
import { pack, packMsgpack } from "./pack.ts";
import { samples } from "./samples.ts";
import { type Wire, wires } from "./wire-pin.ts";

const cases = Object.entries(samples).flatMap(([wire, messages]) =>
  (messages as readonly { t: string }[]).map((message) => [wire as Wire, message.t, message] as const),
);

describe("what servers write", () => {
  it.each(cases)(
    "[WR6] %s %s is read as it was said, and has the bytes of the clients' library",
    (wire, t, message) => {
      expect(decode(wires[wire], packMsgpack(message), 8_192)).toEqual({ ok: true, value: message });
      // A hello's time has more than 32 bits.
      if (t !== "hello" || wire === "up") expect(packMsgpack(message)).toEqual(Buffer.from(encodeMsgpack(message)));
    },
  );

  it("[WR6] any JSON is read as it was said, in both encodings", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!text.includes("__proto__"));
        const plain: unknown = JSON.parse(text);
        for (const subprotocol of ["frontrow.v1", "frontrow.v1.json"] as const) {
          expect(decode(Json, pack(plain, subprotocol), 1_000_000)).toEqual({ ok: true, value: plain });
        }
      }),
    );
  });

  it("[WR6] a field that is undefined is not written, and what was written before is not touched by what follows", () => {
    const first = packMsgpack({ kept: "é".repeat(300), left: undefined });
    const copy = Buffer.from(first);
    for (let more = 0; more < 1_000; more++) packMsgpack({ more: "x".repeat(more) });
    expect(first).toEqual(copy);
    expect(decode(Json, first, 8_192)).toEqual({ ok: true, value: { kept: "é".repeat(300) } });
  });
});
