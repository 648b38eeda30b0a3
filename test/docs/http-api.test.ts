/** `docs/http-api.md`: its programs run against a `frontrow dev`, and say what the page says that they say. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseApiKey } from "@frontrow/shared/config/api-keys.ts";
import { devKeys } from "@frontrow/shared/config/dev-keys.ts";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type FrontrowProcess, runFrontrow, startFrontrow } from "../support/frontrow.ts";
import { freePort } from "../support/redis-server.ts";
import { patternOf, sectionsOf } from "./runnable-page.ts";

const root = join(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/http-api.md"), "utf8");
const FRONTROW_CONFIG = join(root, "test/support/api/frontrow.config.ts");
const SECRET = `whsec_${Buffer.alloc(32, 3).toString("base64")}`;

/** Programs by name, each with what the page says it prints. */
const programs = new Map<string, { text: string; says: string[] }>();
for (const { steps } of sectionsOf(page)) {
  let last: { text: string; says: string[] } | undefined;
  for (const step of steps) {
    if (step.kind === "file") {
      last = { text: step.text, says: [] };
      programs.set(step.name, last);
    } else if (step.kind === "says") last!.says.push(...step.text.trimEnd().split("\n"));
  }
}

let dev: FrontrowProcess;
let folder: string;
let receiver: { child: ChildProcess; said(): string };
let receiverUrl: string;

function start(name: string, env: Record<string, string>) {
  const child = spawn(process.execPath, [join(folder, name)], {
    env: { PATH: process.env.PATH ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const parts: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => parts.push(String(text)));
  return { child, said: () => parts.join("") };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "frontrow-http-api-"));
  for (const [name, { text }] of programs) writeFileSync(join(folder, name), text);
  const port = await freePort();
  receiverUrl = `http://127.0.0.1:${port}/`;
  receiver = start("receiver.ts", { PORT: `${port}`, FRONTROW_WEBHOOK_SECRET: SECRET });
  dev = await startFrontrow("dev", {
    env: { FRONTROW_CONFIG, FRONTROW_WEBHOOK_URL: receiverUrl, FRONTROW_WEBHOOK_SECRET: SECRET },
  });
  await vi.waitFor(() => expect(receiver.said()).toContain("receiver is open"), 20_000);
}, 60_000);
afterAll(async () => {
  receiver?.child.kill("SIGKILL");
  await dev?.end("SIGKILL");
  rmSync(folder, { recursive: true });
});

it("[HA26] the page's key is the one that dev takes, and its command makes an entry that the setting takes", async () => {
  for (const [, key] of page.matchAll(/"(dev\.[\w-]+)"/g)) expect(key).toBe(devKeys.api.privateText);
  const command = /^```sh key\nnpx frontrow keys (.*)$/m.exec(page)![1]!;
  const { code, said } = await runFrontrow("keys", { args: command.split(" ") });
  expect(code).toBe(0);
  expect(parseApiKey(/^FRONTROW_API_KEYS=(.*)$/m.exec(said)![1]!)).toMatchObject({ id: "studio-1" });
});

it.each(["tickets.ts", "final.ts", "operations.ts"])(
  "[HA26] %s runs, and says what the page says",
  async (name) => {
    const run = start(name, { MATCHMAKER_URL: dev.url });
    const [code] = await once(run.child, "close");
    expect([code, run.said()]).toEqual([0, expect.anything()]);
    const { says } = programs.get(name)!;
    expect(says.length).toBeGreaterThan(0);
    for (const line of says) expect(run.said()).toMatch(patternOf(line));
  },
  60_000,
);

it("[HA26] the page's receiver believes what was signed, says it once, and refuses everything else", async () => {
  await vi.waitFor(() => expect(receiver.said()).toMatch(patternOf(programs.get("receiver.ts")!.says[0]!)), 20_000);
  const before = receiver.said();
  const forged = await fetch(receiverUrl, {
    method: "POST",
    headers: {
      "webhook-id": "msg_1",
      "webhook-timestamp": `${Math.floor(Date.now() / 1_000)}`,
      "webhook-signature": "v1,AAAA",
    },
    body: '{"type":"match.seated","data":{}}',
  });
  expect([forged.status, receiver.said()]).toEqual([401, before]);
});
