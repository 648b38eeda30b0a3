/** `docs/from-colyseus.md`: the config on the page beside an app as `npm create colyseus-app` writes it, and the stock SDK. */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@colyseus/sdk";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type FrontrowProcess, startFrontrow } from "../support/frontrow.ts";
import { sectionsOf } from "./runnable-page.ts";

const root = join(import.meta.dirname, "../..");
const page = sectionsOf(readFileSync(join(root, "docs/from-colyseus.md"), "utf8"));
let folder: string;
let dev: FrontrowProcess;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "frontrow-colyseus-"));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  for (const file of ["app.config.ts", "my-room.ts"])
    cpSync(join(root, "test/support/umbrella-app", file), join(folder, file));
  for (const step of page.flatMap(({ steps }) => steps)) {
    if (step.kind === "file") writeFileSync(join(folder, step.name), step.text);
  }
  dev = await startFrontrow("dev", { cwd: folder });
});
afterAll(async () => {
  await dev?.end();
  rmSync(folder, { recursive: true, force: true });
});

describe("docs/from-colyseus.md", () => {
  it("[DO3] an app of the umbrella package runs as it is, and a stock client plays in it", async () => {
    const room = await new Client(dev.url).joinOrCreate<{ mySynchronizedProperty: string }>("my_room");
    const welcome = new Promise((resolve) => room.onMessage("welcome", resolve));
    expect(await welcome).toBe(room.sessionId);
    room.send("change-property", "Frontrow");
    await vi.waitFor(() => expect(room.state.mySynchronizedProperty).toBe("Frontrow"));
    await room.leave();
    expect(dev.said()).toMatch(/HTTP routes are not served by a game server/);
  });
});
