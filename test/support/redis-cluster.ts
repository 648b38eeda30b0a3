/** A Redis Cluster of three masters, and a master with a replica under a Sentinel, on free ports, for one test. */
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient, type RedisClient } from "@frontrow/lobby/redis/client.ts";
import type { RedisTarget } from "@frontrow/shared/config/redis-url.ts";
import { vi } from "vitest";
import { endRedis, freePort, type RedisServer, spawnRedis, startRedis, targetOf } from "./redis-server.ts";

const SLOTS = 16_384;
const within = { timeout: 20_000, interval: 50 };

/** A command client for a test's own questions. */
export async function adminOf(redis: Pick<RedisServer, "target">): Promise<RedisClient> {
  const client = createClient(redis.target, {});
  await once(client, "ready");
  return client;
}

export async function startCluster(): Promise<{ target: RedisTarget; nodes: RedisServer[]; close(): Promise<void> }> {
  const busPorts = [await freePort(), await freePort(), await freePort()];
  const nodes = await Promise.all(
    busPorts.map((port) => startRedis(["--cluster-enabled", "yes", "--cluster-port", String(port)])),
  );
  const admins = await Promise.all(nodes.map(adminOf));
  const share = Math.ceil(SLOTS / nodes.length);
  for (const [i, admin] of admins.entries()) {
    await admin.call("CLUSTER", "ADDSLOTSRANGE", i * share, Math.min(SLOTS, (i + 1) * share) - 1);
    await admin.call("CLUSTER", "SET-CONFIG-EPOCH", i + 1);
    if (i > 0) await admin.call("CLUSTER", "MEET", "127.0.0.1", nodes[0]!.port, busPorts[0]!);
  }
  await vi.waitUntil(async () => {
    const states = await Promise.all(admins.map((admin) => admin.call("CLUSTER", "INFO") as Promise<string>));
    return states.every((state) => state.includes("cluster_state:ok") && state.includes("cluster_known_nodes:3"));
  }, within);
  for (const admin of admins) admin.disconnect();
  return {
    target: targetOf(`redis+cluster://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(",")}`),
    nodes,
    async close() {
      await Promise.all(nodes.map((node) => node.close()));
    },
  };
}

export interface Sentinel {
  readonly target: RedisTarget;
  readonly master: RedisServer;
  /** Resolves when the replica has all that the master has. */
  replicated(): Promise<void>;
  close(): Promise<void>;
}

export async function startSentinel(): Promise<Sentinel> {
  const master = await startRedis();
  const replica = await startRedis(["--replicaof", "127.0.0.1", String(master.port)]);
  const admin = await adminOf(replica);
  await vi.waitUntil(async () => String(await admin.info("replication")).includes("master_link_status:up"), within);
  admin.disconnect();
  const directory = await mkdtemp(join(tmpdir(), "frontrow-sentinel-"));
  const [port, config] = [await freePort(), join(directory, "sentinel.conf")];
  const watched = `monitor lobby 127.0.0.1 ${master.port} 1`;
  const times = ["down-after-milliseconds lobby 300", "failover-timeout lobby 2000"];
  await writeFile(config, [watched, ...times].map((line) => `sentinel ${line}\n`).join(""));
  const sentinel = await spawnRedis([config, "--sentinel", "--port", String(port), "--dir", directory]);
  const watcher = await adminOf({ target: targetOf(`redis://127.0.0.1:${port}`) });
  // It asks the master who its replicas are, in its own time; of a master that is gone by then it has nobody to promote.
  await vi.waitUntil(async () => {
    const [known] = (await watcher.call("SENTINEL", "replicas", "lobby")) as string[][];
    return known !== undefined && known[known.indexOf("master-link-status") + 1] === "ok";
  }, within);
  watcher.disconnect();
  return {
    target: targetOf(`redis+sentinel://127.0.0.1:${port}/lobby`),
    master,
    async replicated() {
      const admin = await adminOf(master);
      await admin.wait(1, within.timeout);
      admin.disconnect();
    },
    async close() {
      await endRedis(sentinel);
      await Promise.all([master.close(), replica.close()]);
      await rm(directory, { recursive: true, force: true });
    },
  };
}
