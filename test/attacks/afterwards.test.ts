/** The look at the logs with which every attack ends, itself looked at: it finds what it is there for. */
import { expect, it } from "vitest";
import { logProblems } from "../support/log-problems.ts";

const TOKEN = `eyJtZXRybyI6ImZyYSIs${"a".repeat(300)}the-end-of-its-mac`;
const honest = "12:00:00.000 info edge: edge is open  port=2567\n12:00:01.000 warn edge: link is down  metro=fra\n";

it("[AT30] an honest log has no problem, at debug neither", () => {
  const garbled = "12:00:02.000 debug game-server: RangeError: too deep  from=colyseus\n    at read (unpack.js:1:2)\n";
  expect(logProblems(honest, [TOKEN])).toEqual([]);
  expect(logProblems(honest + garbled + honest, [TOKEN])).toEqual([]);
});

it.each([
  "12:00:02.000 error edge: boom\n",
  '{"level":"error","msg":"boom"}\n',
  "TypeError: x is not a function\n    at file:///edge.ts:1:2\n",
  "[UnhandledPromiseRejection: …]\n",
  "(node:123) MaxListenersExceededWarning: Possible EventEmitter memory leak\n",
  "FATAL ERROR: Reached heap limit\n",
])("[AT30] %j is a problem", (line) => {
  expect(logProblems(honest + line + honest, [])).not.toEqual([]);
});

it("[AT30] a secret is found whole, by its beginning and by its end, at any level; a short one only whole", () => {
  const at = (text: string) => `${honest}12:00:02.000 debug edge: dialled  url=ws://host/${text}/room\n`;
  for (const text of [TOKEN, TOKEN.slice(0, 60), TOKEN.slice(-50)]) {
    expect(logProblems(at(text), [TOKEN])).toEqual([expect.stringContaining("wrote a secret")]);
  }
  expect(logProblems(at("short-secret"), ["short-secret"])).toHaveLength(1);
  expect(logProblems(at("short"), ["short-secret"])).toEqual([]);
});
