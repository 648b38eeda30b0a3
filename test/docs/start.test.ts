/**
 * `docs/start.md` as a newcomer follows it: a folder in a clone, its files written and its commands run, section by section. Only
 * what this machine decides is replaced: ports, and the addresses of a production that exists nowhere.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@frontrow/client";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { freePort, redisMissing } from "../support/redis-server.ts";
import { patternOf, type Section, type Step, sectionsOf } from "./runnable-page.ts";

const root = join(import.meta.dirname, "../..");
const sections = sectionsOf(readFileSync(join(root, "docs/start.md"), "utf8"));
const NEEDS_REDIS = /redis/i;
const redisIsMissing = redisMissing();
const hasK6 = existsSync(join(root, "loadtest/.bin/k6")) || spawnSync("k6", ["version"]).status === 0;
const SAID = { timeout: 40_000, interval: 50 };

let clone: string;
let project: string;
let players: Awaited<ReturnType<typeof loginService>>;
/** Text on the page → text on this machine. */
const replaced = new Map<string, string>();
const here = (text: string) => [...replaced].reduce((done, [page, own]) => done.replaceAll(page, own), text);
const ports = { edge: 0, matchmaker: 0, "game-server": 0, second: 0, redis: 0 };

beforeAll(async () => {
  clone = mkdtempSync(join(tmpdir(), "frontrow-start-"));
  // Whoever followed the page in this clone has the folder already.
  for (const name of readdirSync(root).filter((entry) => entry !== ".git" && entry !== "my-game"))
    symlinkSync(join(root, name), join(clone, name));
  project = join(clone, "my-game");
  mkdirSync(project);
  for (const name of Object.keys(ports) as (keyof typeof ports)[]) ports[name] = await freePort();
  players = await loginService();
  for (const [page, own] of [
    ["localhost:2567", `localhost:${ports.edge}`],
    ["127.0.0.1:6379", `127.0.0.1:${ports.redis}`],
    ["--port 6379", `--port ${ports.redis}`],
    [" ADMIN_PORT=9603", " ADMIN_PORT=0"],
    ["PORT=2569", `PORT=${ports.second}`],
    ["wss://mm.fra.example.com", `ws://127.0.0.1:${ports.matchmaker}`],
    ["wss://play.example.com/gs-1", `ws://127.0.0.1:${ports["game-server"]}/gs-1`],
    ["https://accounts.example.com/jwks.json", players.url],
  ] as const) {
    replaced.set(page, own);
  }
});

interface Started {
  readonly command: string;
  readonly child: ChildProcess;
  said(): string;
}
const running: Started[] = [];
/** What was started last: `text` blocks speak of it. */
let latest: Started[] = [];

/** What a section has started with npx it ends with; Redis stays. */
async function endServers(which: (command: string) => boolean): Promise<void> {
  for (const one of running.filter(({ command }) => which(command))) {
    running.splice(running.indexOf(one), 1);
    if (one.child.exitCode !== null || one.child.signalCode !== null) continue;
    const gone = once(one.child, "close");
    // npx runs it in a shell of its own: the whole group is told.
    process.kill(-one.child.pid!, "SIGTERM");
    await gone;
  }
}
afterAll(async () => {
  await endServers(() => true);
  players?.close();
  if (clone) rmSync(clone, { recursive: true, force: true });
});

function start(command: string, cwd = project): Started {
  const process_ = /npx frontrow (dev|edge|matchmaker|game-server|doctor \S+)/.exec(command)?.[1]?.split(" ").at(-1);
  const port = ports[(process_ === "dev" ? "edge" : process_) as keyof typeof ports];
  const { PATH = "", HOME = "" } = process.env;
  const env = {
    ...{ PATH, HOME, ADMIN_PORT: "0", FRONTROW_METROS: `local=ws://127.0.0.1:${ports.matchmaker}` },
    PORT: `${port ?? ports.edge}`,
  };
  const child = spawn("bash", ["-c", here(command)], { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes) => (said += bytes));
  return { command, child, said: () => said };
}

async function run(command: string, cwd = project): Promise<void> {
  const started = start(command, cwd);
  latest = [started];
  const [code] = await once(started.child, "close");
  if (code !== 0) throw new Error(`${command}\nended with ${code}:\n${started.said()}`);
}

/** The example's room code stands for the real one from the moment that it is said. */
const CODE = "LOCAL-7K2M9QXD";

async function says(line: string): Promise<void> {
  const pattern = new RegExp(patternOf(here(line)).source.replace(CODE, "(LOCAL-[0-9A-Z]{8})"), "m");
  const found = await vi
    .waitUntil(() => {
      const match = latest.map((one) => pattern.exec(one.said())).find(Boolean);
      if (match) return match;
      const ended = latest.find(({ child }) => child.exitCode !== null);
      if (ended) throw new Error(`"${line}" was not said by\n${ended.command}\n${ended.said()}`);
      return undefined;
    }, SAID)
    .catch((error) => {
      throw new Error(`"${line}": ${error.message}\n${latest.map((one) => one.said()).join("\n")}`);
    });
  if (found[1]) replaced.set(CODE, found[1]);
}

async function take(step: Step): Promise<void> {
  if (step.kind === "file") writeFileSync(join(project, step.name), here(step.text));
  else if (step.kind === "run") await run(step.text);
  else if (step.kind === "says") for (const line of step.text.trim().split("\n")) await says(line);
  else if (step.kind === "server") {
    latest = step.text
      .trim()
      .split("\n")
      .map((command) => start(command));
    running.push(...latest);
  } else if (step.kind === "other" && step.info === "sh loadtest" && hasK6) await run(step.text, clone);
}

/** What a section must bring about besides what the page says. */
const after: Record<string, () => Promise<void>> = {
  "6. Production": async () => {
    const url = `http://localhost:${ports.edge}`;
    expect(await createClient({ url }).play("dice")).toMatchObject({ ok: false, code: "AUTH_REQUIRED" });
    const client = createClient({ url, jwt: players.token });
    const played = await vi.waitUntil(async () => {
      const answer = await client.play("dice", { options: { name: "Ada" } });
      return answer.ok && answer;
    }, SAID);
    expect(played).toMatchObject({ playerId: "ada", metro: "fra", roomId: expect.stringMatching(/^fra_1_/) });
    await played.room.leave();
    client.close();
  },
};

describe("docs/start.md", { timeout: 120_000 }, () => {
  const runs = (section: Section) => !(redisIsMissing && section.steps.some((step) => NEEDS_REDIS.test(step.text)));

  for (const section of sections.filter(({ steps }) => steps.some(({ kind }) => kind !== "other"))) {
    it.runIf(runs(section))(`[DO1] its commands do what it says: ${section.heading}`, async () => {
      for (const step of section.steps) await take(step);
      await after[section.heading]?.();
      await endServers((command) => command.includes("npx "));
    });
  }

  it("[DO2] its files compile under the strictest settings", async () => {
    writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ extends: "../tsconfig.json", include: ["*.ts"] }));
    await run("npx tsc -p .");
  });

  it("[DO1] nothing on it is left out but what cannot be run here", () => {
    const others = sections.flatMap(({ steps }) => steps.flatMap((step) => (step.kind === "other" ? [step.info] : [])));
    expect(others).toEqual(["sh install", "ts", "sh loadtest"]);
    expect(sections.flatMap(({ steps }) => steps).filter(({ kind }) => kind !== "other").length).toBeGreaterThan(20);
  });
});

/** Where players sign in: a JWKS over HTTP, and Ada's token. */
async function loginService() {
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
  const keys = [{ ...(await exportJWK(publicKey)), kid: "k1", alg: "ES256" }];
  const server = createServer((_request, reply) => {
    reply.setHeader("content-type", "application/json").end(JSON.stringify({ keys }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const token = await new SignJWT({})
    .setProtectedHeader({ alg: "ES256", kid: "k1" })
    .setIssuer("https://accounts.example.com")
    .setAudience("dice")
    .setSubject("ada")
    .setExpirationTime("5m")
    .sign(privateKey);
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/jwks.json`, token, close: () => server.close() };
}
