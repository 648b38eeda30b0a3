import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApiKeys } from "@frontrow/matchmaker/api/keys.ts";
import { type ApiKey, parseApiKey } from "@frontrow/shared/config/api-keys.ts";
import { WebhookSecrets } from "@frontrow/shared/config/setting-shapes.ts";
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

it("[HA19] an API key is printed once, with the entry that knows its hash; a webhook's secret as its setting takes it", () => {
  keys("--api", "studio-1", "--scopes", "tickets,read", "--until", "2027-06-30");
  const [, key = "", entry = ""] = /^# (studio-1\.\S+)$[\s\S]*^FRONTROW_API_KEYS=(\S+)$/m.exec(said) ?? [];
  const parsed = parseApiKey(entry) as ApiKey;
  expect(parsed).toMatchObject({ id: "studio-1", scopes: ["tickets", "read"], untilMs: Date.UTC(2027, 5, 30) });
  expect(entry).not.toContain(key.split(".")[1]);
  expect(createApiKeys([parsed]).verify(`Bearer ${key}`, 0)).toBe(parsed);
  said = "";
  keys("--webhook");
  const secret = /^FRONTROW_WEBHOOK_SECRET=(\S+)$/m.exec(said)![1]!;
  expect(WebhookSecrets.parse(secret)).toEqual([secret]);
});

it.each([
  [["--api", "a b"], "--api: the server's name is 1 to 64 letters"],
  [["--api", "a", "--scopes", "all"], "has scopes other than tickets, matches, modes, read"],
  [["--api", "a", "--until", "soon"], "--until: a day as 2027-06-30"],
  [["--api", "a", "--until", "2020-01-31"], "--until: 2020-01-31 is over already"],
])("[HA19] a key that the setting would refuse is not made: %j", (args, sentence) => {
  expect(() => keys(...args)).toThrow(sentence);
  expect(said).toBe("");
});

it("[OP14] keys that are there already are not written over", () => {
  keys("--write", folder);
  const before = readFileSync(join(folder, "edge.env"), "utf8");
  expect(() => keys("--write", folder)).toThrow("edge.env exists: keys are not written over");
  expect(readFileSync(join(folder, "edge.env"), "utf8")).toBe(before);
});
