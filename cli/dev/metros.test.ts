import { expect, it } from "vitest";
import { parseDevMetros } from "./metros.ts";

it("[OP13] metros are named with or without their distance", () => {
  expect(parseDevMetros("fra, ams=30")).toEqual([
    { metro: "fra", roundTripMs: 8 },
    { metro: "ams", roundTripMs: 30 },
  ]);
});

it.each([
  ["FRA", "takes names such as fra,ams"],
  ["fra,", "takes names such as fra,ams"],
  ["fra,ams,fra=9", "names fra twice"],
])("[OP13] the list %j is refused with a sentence", (text, sentence) => {
  expect(() => parseDevMetros(text)).toThrow(sentence);
});
