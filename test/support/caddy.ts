/** Caddy with the documented `infra/caddy/Caddyfile`, on free ports, with the tests' own certificate. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "./redis-server.ts";
import { testTls } from "./sockets.ts";

const CADDYFILE = fileURLToPath(new URL("../../infra/caddy/Caddyfile", import.meta.url));

/** Why tests with Caddy cannot run here; undefined where they can. Throws in CI. */
export function caddyMissing(): string | undefined {
  const { error } = spawnSync("caddy", ["version"]);
  if (!error) return undefined;
  if (process.env.CI === "true") throw new Error("caddy is not on PATH, and in CI it must be");
  return "caddy is not on PATH";
}

export interface Caddy {
  /** `https://localhost:{port}` */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** `port` is asked for beforehand, because game servers must know their public address. */
export async function startCaddy(port: number, upstreams: { edge: number; game: number }): Promise<Caddy> {
  const home = await mkdtemp(join(tmpdir(), "frontrow-caddy-"));
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: home,
    SITE: `https://localhost:${port}`,
    HTTP_PORT: `${await freePort()}`,
    TLS: `tls ${testTls.certFile} ${testTls.keyFile}`,
    EDGE: `127.0.0.1:${upstreams.edge}`,
    GAME_1: `127.0.0.1:${upstreams.game}`,
  };
  const child = spawn("caddy", ["run", "--config", CADDYFILE, "--adapter", "caddyfile"], { env, stdio: "pipe" });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  let said = "";
  await new Promise<void>((resolve, reject) => {
    child.stderr.on("data", (bytes) => {
      said += bytes;
      if (said.includes("serving initial configuration")) resolve();
    });
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`caddy ended at once:\n${said}`)));
  });
  return {
    url: `https://localhost:${port}`,
    port,
    async close() {
      process.off("exit", kill);
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      await gone;
      await rm(home, { recursive: true, force: true });
    },
  };
}
