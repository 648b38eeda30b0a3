import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { register } from "./keys.ts";

let folder: string;
let said: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "frontrow-keys-"));
  said = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    said += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

function keys(...args: string[]): void {
  const program = new Command().exitOverride();
  register(program);
  program.parse(["node", "frontrow", "keys", ...args]);
}

it("[OP14] each kind of process gets its own file, which nobody else can read", () => {
  keys("--write", folder);
  const files = ["edge", "matchmaker", "game-server"].map((kind) => join(folder, `${kind}.env`));
  expect(said).toBe(`${files.join("\n")}\n`);
  for (const file of files) expect(statSync(file).mode & 0o777).toBe(0o600);
  const [edge, matchmaker, gameServer] = files.map((file) => readFileSync(file, "utf8"));
  const half = (text: string | undefined, name: string) =>
    new RegExp(`^${name}=.*?([\\w-]{43})$`, "m").exec(text!)?.[1];
  expect(half(edge, "FRONTROW_LINK_KEY")).toBe(half(matchmaker, "FRONTROW_LINK_PEERS"));
  expect(half(matchmaker, "FRONTROW_LINK_KEY")).toBe(half(edge, "FRONTROW_LINK_PEERS"));
  expect(half(gameServer, "FRONTROW_FLEET_KEY")).toBe(half(matchmaker, "FRONTROW_FLEET_KEYS"));
  expect(half(matchmaker, "FRONTROW_ISSUER_KEY")).toBe(half(gameServer, "FRONTROW_ISSUER_KEYS"));
});

it("[OP14] keys that are there already are not written over", () => {
  keys("--write", folder);
  const before = readFileSync(join(folder, "edge.env"), "utf8");
  expect(() => keys("--write", folder)).toThrow("edge.env exists: keys are not written over");
  expect(readFileSync(join(folder, "edge.env"), "utf8")).toBe(before);
});
