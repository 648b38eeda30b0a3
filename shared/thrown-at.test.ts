import { expect, it } from "vitest";
import { thrownAt } from "./thrown-at.ts";

const withStack = (message: string, stack: string) => Object.assign(new Error(message), { stack });

it.each([
  [
    "a syntax error",
    "Expression expected",
    "/game/rooms.ts:3\nconst x = ;\n\nSyntaxError: Expression expected\n",
    "Expression expected (/game/rooms.ts:3)",
  ],
  ["what is thrown at import", "boom", "Error: boom\n    at file:///game/rooms.ts:7:11\n", "boom (/game/rooms.ts:7)"],
  [
    "what a library throws",
    "no",
    "Error: no\n    at x (file:///game/node_modules/lib/a.js:1:1)\n    at file:///game/rooms.ts:9:2\n",
    "no (/game/rooms.ts:9)",
  ],
  [
    "a missing file",
    "Cannot find module '/game/gone.ts' imported from /game/rooms.ts",
    "Error: Cannot find module\n    at file:///game/bin.ts:1:1",
    "Cannot find module '/game/gone.ts' imported from /game/rooms.ts",
  ],
])("[CF5] %s is told with its file and line", (_what, message, stack, told) => {
  expect(thrownAt(withStack(message, stack))).toBe(told);
});

it("[CF5] what is no error is told as it is", () => {
  expect(thrownAt("nothing more")).toBe("nothing more");
});
