/** The Lua files against their bindings: headers are contracts, and a contract that nobody checks is a rumour. */

import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createClient } from "@frontrow/lobby/redis/client.ts";
import { type KeyName, keyOf, keyTable } from "@frontrow/lobby/redis/keys.ts";
import { readLua, scriptSource } from "@frontrow/lobby/redis/script-source.ts";
import { scriptNames, scripts } from "@frontrow/lobby/redis/scripts.ts";
import { describe, expect, it } from "vitest";
import { parseLuaHeader } from "../support/lua-header.ts";
import { redisMissing, startRedis } from "../support/redis-server.ts";

const folder = new URL("../../lobby/redis/scripts/", import.meta.url);
const luaIn = (path: string) =>
  readdirSync(new URL(path, folder))
    .filter((name) => name.endsWith(".lua"))
    .map((name) => name.slice(0, -4));
const indexes = (source: string, table: string) =>
  [...new Set([...source.matchAll(new RegExp(`${table}\\[(\\d+)\\]`, "g"))].map(([, n]) => Number(n)))].sort(
    (a, b) => a - b,
  );
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

describe("Lua scripts", () => {
  it.each(scriptNames)("[LB22] %s: header and binding agree, and everything declared is used", (name) => {
    const { file, keys, limits, args, ...more } = scripts[name];
    const header = parseLuaHeader(readLua(file));
    const source = scriptSource(file);
    expect(header.name).toBe(file);
    expect(header.keys).toEqual(keys);
    expect(header.args).toEqual([...limits, ...args]);
    expect(header.rest?.names).toEqual("rest" in more ? more.rest : undefined);
    if (header.rest) expect(header.rest.from).toBe(header.args.length + 1);
    expect(indexes(source, "KEYS")).toEqual(upTo(header.keys.length));
    expect(indexes(source, "ARGV")).toEqual(upTo(header.args.length));
  });

  it("[LB22] every script has a binding, every include a user, and each stays small", () => {
    expect(luaIn(".").sort()).toEqual(scriptNames.map((name) => scripts[name].file as string).sort());
    const used = new Set<string>();
    for (const name of scriptNames) {
      scriptSource(scripts[name].file, (path) => {
        used.add(path);
        return readLua(path);
      });
    }
    for (const include of luaIn("includes/")) {
      const text = readLua(`includes/${include}`);
      expect(used).toContain(`includes/${include}`);
      expect([...text.matchAll(/^local function (\w+)/gm)].map(([, name]) => name)).toEqual([
        include.replaceAll("-", "_"),
      ]);
      expect(text).toMatch(/^--- [A-Z]/m);
    }
    for (const path of used) expect(readLua(path).split("\n").length, path).toBeLessThanOrEqual(81);
  });

  it("[LB22] the rules that a script claims to keep exist", () => {
    const spec = readFileSync(new URL("../../SPEC.md", import.meta.url), "utf8");
    for (const name of scriptNames) {
      for (const rule of parseLuaHeader(readLua(scripts[name].file)).rules) expect(spec).toContain(`**${rule}**`);
    }
  });

  it("[LB22] a header that is missing, incomplete or misnumbered is noticed", () => {
    const header = (keys: string) =>
      `--[[\n  x: y.\n  KEYS   ${keys}\n  ARGV   1 a\n  REPLY  OK\n  COST   1\n  RULES  LB1\n]]\n`;
    expect(parseLuaHeader(header("1 meta  2 holds")).keys).toEqual(["meta", "holds"]);
    expect(() => parseLuaHeader("return 1")).toThrow("header");
    expect(() => parseLuaHeader(header("1 meta").replace("COST", "cost"))).toThrow("lacks COST");
    expect(() => parseLuaHeader(header("1 meta  3 holds"))).toThrow("3 stands where 2 should");
  });

  it("[LB23] all keys of a metro share its hash tag", () => {
    for (const name of Object.keys(keyTable) as KeyName[]) expect(keyOf("fra", name)).toMatch(/^\{fra\}:[a-z-]+:?$/);
  });

  const missing = redisMissing();
  it.skipIf(missing)(`[LB22] Redis compiles every script${missing ? ` (${missing})` : ""}`, async (t) => {
    const redis = await startRedis();
    t.onTestFinished(() => redis.close());
    const client = createClient(redis.target, {});
    t.onTestFinished(() => client.disconnect());
    await once(client, "ready");
    for (const name of scriptNames) {
      const sha = await client.script("LOAD", scriptSource(scripts[name].file));
      expect(sha).toMatch(/^[0-9a-f]{40}$/);
    }
  });
});
