/** What operators touch, over real sockets and processes: the admin port, the executable, `frontrow doctor`'s links. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { pickListen } from "@frontrow/listener/pick.ts";
import { createLinkDoor } from "@frontrow/matchmaker/service/link-door.ts";
import { generateSigningKey, signingKeyFrom } from "@frontrow/shared/identity/signed.ts";
import { defaultLimits as limits } from "@frontrow/shared/limits.ts";
import { startAdmin } from "frontrow/admin.ts";
import { checkLinks } from "frontrow/doctor/links.ts";
import { createRegistry } from "frontrow/metrics.ts";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createFakeMetro } from "../support/fake-metro.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

describe("the admin port", () => {
  it.each(["uws", "ws"] as const)(
    "[CF22] answers over %s, to nobody but the address that it was given",
    async (kind) => {
      let redis = true;
      const listen = await pickListen(kind);
      const registry = createRegistry("edge");
      const ready = { redis: () => redis };
      const admin = await startAdmin({ listen, host: "127.0.0.1", port: 0, limits, registry, ready });
      open.push(admin);
      const ask = (path: string) => fetch(`http://127.0.0.1:${admin.port}${path}`);
      expect((await ask("/healthz")).status).toBe(200);
      expect((await ask("/readyz")).status).toBe(200);
      redis = false;
      const unready = await ask("/readyz");
      expect(unready.status).toBe(503);
      expect(await unready.json()).toMatchObject({ ok: false, failed: ["redis"] });
      const metrics = await ask("/metrics");
      expect(metrics.headers.get("content-type")).toMatch(/^text\/plain/);
      expect(await metrics.text()).toContain("process_cpu_seconds_total");
      expect((await ask("/other")).status).toBe(404);
      await expect(fetch(`http://127.0.0.2:${admin.port}/healthz`)).rejects.toThrow();
    },
  );
});

describe("frontrow doctor and links", () => {
  const [edge, metro, stranger] = [generateSigningKey(), generateSigningKey(), generateSigningKey()];

  async function matchmaker(peers: readonly string[]) {
    const listen = await pickListen();
    const fake = createFakeMetro();
    const door = createLinkDoor({
      metro: fake,
      limits,
      key: signingKeyFrom(metro.privateText),
      trust: { peers, maxAgeMs: limits.linkHelloMs },
      nowMs: Date.now,
      schedule: setImmediate,
      log: () => {},
    });
    const bounds = { trustedProxies: [], httpBodyBytes: 1_024, requestHeadMs: 5_000 };
    const listening = await listen({ ...bounds, host: "127.0.0.1", port: 0, http: [], sockets: [door] });
    open.push(listening);
    return { url: `ws://127.0.0.1:${listening.port}/v1/link`, fake };
  }
  const check = async (code: string, url: string, linkPeers: readonly string[]) => {
    const settings = { metros: [{ metro: code, url }], linkKey: edge.privateText, linkPeers, edgeName: "e" };
    return (await checkLinks(settings, limits))[0];
  };

  it("[CF30] a link that opens both ways is ok, and is left again", async () => {
    const { url, fake } = await matchmaker([edge.publicKey]);
    expect(await check("fra", url, [metro.publicKey])).toMatchObject({ level: "ok", subject: "link fra" });
    await expect.poll(() => fake.connections).toBe(0);
    expect(await check("ams", url, [metro.publicKey])).toMatchObject({ level: "warn", subject: "link ams" });
  });

  it("[CF30] a matchmaker that does not believe us, that we do not believe, or that is not there, fails with the reason", async () => {
    const { url } = await matchmaker([stranger.publicKey]);
    expect(await check("fra", url, [metro.publicKey])).toMatchObject({
      level: "fail",
      says: expect.stringMatching(/not in the list of peers/),
    });
    expect(await check("fra", url, [stranger.publicKey])).toMatchObject({
      level: "fail",
      says: expect.stringMatching(/matchmaker is not believed/),
    });
    expect(await check("fra", "ws://127.0.0.1:9/v1/link", [metro.publicKey])).toMatchObject({ level: "fail" });
  });
});

describe("the executable", () => {
  const bin = join(import.meta.dirname, "../../cli/bin.ts");

  async function run(args: readonly string[], env: Record<string, string> = {}) {
    const { FRONTROW_CONFIG: _, ...inherited } = process.env;
    const child = spawn(process.execPath, [bin, ...args], { cwd: "/", env: { ...inherited, ...env } });
    let said = "";
    child.stdout.on("data", (bytes) => {
      said += bytes;
    });
    child.stderr.on("data", (bytes) => {
      said += bytes;
    });
    const [code] = await once(child, "close");
    return { code, said };
  }

  it("[CF31] names its commands, and the nearest one for a slip", async () => {
    const help = await run(["--help"]);
    expect(help.code).toBe(0);
    for (const name of ["dev", "edge", "matchmaker", "game-server", "doctor", "keys"])
      expect(help.said).toContain(`  ${name} `);
    const slip = await run(["matchmakr"]);
    expect(slip.code).not.toBe(0);
    expect(slip.said).toContain("Did you mean matchmaker?");
  });

  it.each(["edge", "matchmaker", "game-server", "dev"])(
    "[CF31] %s with a wrong configuration ends with code 78 and one line a problem",
    async (name) => {
      const { code, said } = await run([name], { PORT: "x", FRONTROW_SEAT_MAX: "1" });
      expect(code).toBe(78);
      const lines = said.trim().split("\n");
      expect(lines.every((line) => line.startsWith("frontrow: "))).toBe(true);
      expect(said).toContain("frontrow: PORT must be a whole number");
      expect(said).toContain("did you mean FRONTROW_SEATS_MAX?");
      // `dev` shows the arena where there is no project.
      if (name !== "dev") expect(said).toContain("frontrow: no frontrow.config.ts in /");
      if (name === "matchmaker" || name === "game-server") expect(said).toContain("frontrow: REDIS_URL is missing");
    },
  );

  // `npx frontrow dev` that was ended with SIGTERM left the server running by itself, and its ports taken.
  it("[CF32] what npm started stops in order when npm is ended", async () => {
    const env = { ...process.env, npm_command: "exec", PORT: "0", ADMIN_PORT: "0" };
    // As npm does it, a shell in between that does not become the process.
    const npm = spawn("sh", ["-c", `"${process.execPath}" "${bin}" dev; exit`], {
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    npm.stdout.on("data", (bytes) => {
      said += bytes;
    });
    await vi.waitFor(() => expect(said).toContain("dev: open"), { timeout: 30_000, interval: 50 });
    npm.kill("SIGKILL");
    // Only when the process itself has gone nobody holds the pipe any more.
    await once(npm.stdout, "close", { signal: AbortSignal.timeout(20_000) });
    expect(said).toContain("this server leaves");
  });

  it("[CF31] doctor ends with code 1 where a check failed, keys prints lines for an environment", async () => {
    const doctor = await run(["doctor", "edge"]);
    expect(doctor.code).toBe(1);
    expect(doctor.said).toMatch(/^fail {2}configuration {2}no frontrow\.config\.ts/m);
    const keys = await run(["keys"]);
    expect(keys.code).toBe(0);
    expect(keys.said).toMatch(/^FRONTROW_ISSUER_KEY=[\w-]{43}\.[\w-]{43}$/m);
  });
});
