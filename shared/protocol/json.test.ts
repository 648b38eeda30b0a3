import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Json } from "./json.ts";

describe("JSON inside messages", () => {
  it("[WR6] whatever JSON can say passes as it is", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!text.includes("__proto__"));
        const plain = JSON.parse(text);
        expect(Json.parse(plain)).toEqual(plain);
      }),
    );
  });

  it.each([
    ["nothing", undefined],
    ["not a number", Number.NaN],
    ["an endless number", [1, { far: Number.POSITIVE_INFINITY }]],
    ["a big integer", 1n],
    ["a function", { call() {} }],
    ["nothing in a list", [undefined]],
  ])("[WR3] %s is no JSON", (_what, value) => {
    expect(Json.safeParse(value).success).toBe(false);
  });

  it("[WR5] a key that would become a prototype is refused, however deep", () => {
    expect(Json.safeParse(JSON.parse('[{"a":{"__proto__":{"admin":true}}}]')).success).toBe(false);
  });
});
