/** How a process ends that cannot start: what it says, that it says nothing more, and the code by which a supervisor decides. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { freePort, runFrontrow } from "../support/frontrow.ts";
import { redisMissing } from "../support/redis-server.ts";

const missing = redisMissing();

/** A project inside the clone, where its packages are found. */
function project(rooms: string): string {
  const folder = mkdtempSync(join(import.meta.dirname, ".project-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(
    join(folder, "frontrow.config.ts"),
    `import { defineConfig, fill } from "frontrow";
    export default defineConfig({ modes: { arena: fill({ seats: 2 }) }, rooms: () => import("./rooms.ts") });`,
  );
  const imports = `import { Room } from "@colyseus/core"; import { defineStream } from "@frontrow/shared/stream/define.ts";`;
  writeFileSync(join(folder, "rooms.ts"), `${imports} ${rooms}`);
  return folder;
}

async function takenPort(): Promise<number> {
  const port = await freePort();
  const server = await new Promise<Server>((done) => {
    const opened = createServer().listen(port, "127.0.0.1", () => done(opened));
  });
  onTestFinished(() => void server.close());
  return port;
}

describe("a game server that cannot start", { timeout: 60_000 }, () => {
  // Nothing is there: whether the rooms are right is known without Redis.
  const env = { REDIS_URL: "redis://127.0.0.1:1", ADMIN_PORT: "0" };

  /** They ended with 1, so that a supervisor started them again for ever. */
  it.each([
    ["a mode without a room class", "export const rooms = { other: class extends Room {} };", 'mode "arena" wants'],
    ["a stream that is refused", "export const stream = defineStream({});", "frontrow: stream: cell: "],
    ["rooms that are no TypeScript", "export const rooms = {", "the rooms could not be loaded: "],
  ])("[OP4] %s is a wrong configuration", async (_, rooms, problem) => {
    const { code, said } = await runFrontrow("game-server", {
      env: { ...env, PORT: `${await freePort()}` },
      cwd: project(rooms),
    });
    expect(said).toContain(problem);
    expect(said).toMatch(/^frontrow: /m);
    expect(code).toBe(78);
  });

  it("[OP4] what may be there at the next start is none", async () => {
    const { code, said } = await runFrontrow("game-server", {
      env: { ...env, PORT: `${await freePort()}` },
      cwd: project('throw new Error("the database is away");'),
    });
    expect(said).toContain("frontrow: the rooms could not be loaded: the database is away");
    expect(code).toBe(1);
  });

  it("[OP15] tells of both ports at once where both are taken", async () => {
    const [port, adminPort] = [await takenPort(), await takenPort()];
    const { code, said } = await runFrontrow("game-server", {
      env: { ...env, PORT: `${port}`, ADMIN_PORT: `${adminPort}` },
      cwd: project("export const rooms = { arena: class extends Room {} };"),
    });
    expect(code).toBe(1);
    const [line] = said.split("\n").filter((each) => each.startsWith("frontrow: "));
    expect(line).toMatch(
      new RegExp(`127\\.0\\.0\\.1:${adminPort}: EADDRINUSE.* ADMIN_PORT .*:${port} is taken.* PORT`),
    );
  });
});

describe.skipIf(missing)(missing ?? "frontrow dev --metros that cannot start", { timeout: 60_000 }, () => {
  /**
   * Its game servers outlived it by a moment, and told after the error that Redis was away and their parent gone.
   */
  it("[OP15] says nothing after its error", async () => {
    const env = { PORT: "0", ADMIN_PORT: `${await takenPort()}` };
    const { code, said } = await runFrontrow("dev", { args: ["--metros", "fra=0,ams=0"], env });
    expect(code).toBe(1);
    expect(said).toMatch(/^frontrow: .*EADDRINUSE.*\n$/m);
    expect(said.trimEnd().split("\n").at(-1)).toMatch(/^frontrow: /);
  });
});
