/**
 * Two replicas of one metro's matchmaker, an edge, a game server and Redis, each a process, with players who duel all the time. The
 * replica that owns their pool is killed, or frozen and woken again: nobody's ticket is lost or matched twice, and matching goes on.
 */
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type Duellist, type Outcome, startDuellist } from "../support/duellist.ts";
import { type FrontrowProcess, startFrontrow } from "../support/frontrow.ts";
import { type RedisServer, redisMissing, startRedis } from "../support/redis-server.ts";

const PLAYERS = 40;
/** What ARCHITECTURE.md promises for a replica that is lost: its lease, the new set, and its tickets again. */
const TAKEOVER_MS = 5_000;
const missing = redisMissing();

describe.skipIf(missing)(missing ?? "pools whose owner is lost", () => {
  let redis: RedisServer;
  let env: Record<string, string>;
  let edge: FrontrowProcess;
  let gameServer: FrontrowProcess;
  const replicas: FrontrowProcess[] = [];
  let players: Duellist[] = [];
  let killed: FrontrowProcess | undefined;

  beforeAll(async () => {
    redis = await startRedis();
    const config = fileURLToPath(new URL("../support/duel.config.ts", import.meta.url));
    env = { REDIS_URL: redis.url, FRONTROW_METRO: "fra", FRONTROW_CONFIG: config };
    replicas.push(...(await Promise.all(["a", "b"].map((name) => startReplica(name)))));
    gameServer = await startFrontrow("game-server", {
      env: { ...env, FRONTROW_SEATS_MAX: "100000", FRONTROW_PUBLIC_URL: "ws://127.0.0.1:1" },
    });
    const metros = replicas.map(({ port }) => `fra=ws://127.0.0.1:${port}`).join(",");
    edge = await startFrontrow("edge", { env: { FRONTROW_CONFIG: config, FRONTROW_METROS: metros } });
  }, 90_000);
  afterEach(async () => {
    for (const player of players) player.close();
    if (killed) replicas[replicas.indexOf(killed)] = await killed.again();
    killed = undefined;
  });
  afterAll(async () => {
    await Promise.all([edge, gameServer, ...replicas].map((each) => each?.end("SIGKILL")));
    await redis?.close();
  });

  const startReplica = (name: string) => startFrontrow("matchmaker", { env: { ...env, FRONTROW_REPLICA: name } });
  const all = (): Outcome[] => players.flatMap(({ outcomes }) => outcomes);
  const seatedSince = (ms: number) => all().filter(({ match, atMs }) => match !== undefined && atMs > ms).length;

  async function matching(): Promise<void> {
    players = await Promise.all(Array.from({ length: PLAYERS }, (_, number) => startDuellist(edge.port, `p${number}`)));
    await vi.waitFor(() => expect(seatedSince(0)).toBeGreaterThan(4 * PLAYERS), { timeout: 30_000, interval: 50 });
  }

  async function metric(replica: FrontrowProcess, name: string): Promise<number> {
    const metrics = await fetch(`${replica.adminUrl}/metrics`).then(
      (reply) => reply.text(),
      (error) =>
        Promise.reject(new Error(`a replica does not answer: ${replica.said().slice(-2_000)}`, { cause: error })),
    );
    return Number(new RegExp(`^frontrow_matchmaker_${name} (\\d+)`, "m").exec(metrics)?.[1] ?? 0);
  }

  /** The replica of both whose matches grow in number, once each knows of the other. */
  async function owner(): Promise<FrontrowProcess> {
    const seated = (replica: FrontrowProcess) => metric(replica, 'matches_total\\{[^}]*outcome="seated"[^}]*\\}');
    const known = (replica: FrontrowProcess) => metric(replica, "replicas\\{[^}]*\\}");
    await vi.waitFor(async () => expect(await Promise.all(replicas.map(known))).toEqual([2, 2]), { timeout: 10_000 });
    // Edges have heard of it too, and have moved their tickets.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const before = await Promise.all(replicas.map(seated));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const after = await Promise.all(replicas.map(seated));
    const grown = replicas.filter((_, index) => after[index]! > before[index]!);
    expect(grown.length).toBe(1);
    return grown[0]!;
  }

  async function tookOver(lostMs: number): Promise<void> {
    // Locked tickets have asked the index how their matches ended by then; no other replica owns the pool before a lease has run out.
    const sinceMs = lostMs + 1_600;
    await new Promise((resolve) => setTimeout(resolve, sinceMs + 800 - Date.now()));
    expect(seatedSince(sinceMs)).toBe(0);
    const waited = { timeout: lostMs + TAKEOVER_MS - Date.now(), interval: 20 };
    await vi.waitFor(() => expect(seatedSince(sinceMs)).toBeGreaterThan(0), waited);
    // And not by chance: everybody plays again.
    await vi.waitFor(() => expect(seatedSince(sinceMs)).toBeGreaterThan(2 * PLAYERS), {
      timeout: 15_000,
      interval: 50,
    });
  }

  async function books(): Promise<void> {
    for (const player of players) void player.finish();
    // The last one of an odd number waits for nobody: its ticket ends with its socket.
    const lost = () => players.filter(({ asked, outcomes: had }) => asked.length > had.length);
    await vi.waitFor(() => expect(lost().length).toBeLessThanOrEqual(1), { timeout: 15_000, interval: 50 });
    const outcomes = all();
    expect(new Set(outcomes.map(({ ticket }) => ticket)).size).toBe(outcomes.length);
    const matches = Map.groupBy(
      outcomes.filter(({ match }) => match !== undefined),
      ({ match }) => match!,
    );
    for (const [match, seats] of matches) {
      expect(new Set(seats.map(({ roomId }) => roomId)).size, `rooms of ${match}`).toBe(1);
      expect(new Set(seats.map(({ sessionId }) => sessionId)).size, `seats of ${match}`).toBe(seats.length);
      expect(seats.length, `players of ${match}`).toBeLessThanOrEqual(2);
    }
    const rooms = [...matches.values()].map(([seat]) => seat!.roomId);
    expect(new Set(rooms).size).toBe(rooms.length);
    const codes = outcomes.flatMap(({ code }) => code ?? []);
    expect(codes).toEqual([]);
  }

  it("[OW1] kill -9: the other replica matches on within five seconds; no ticket is lost, none matched twice", async () => {
    await matching();
    killed = await owner();
    const killedMs = Date.now();
    await killed.end("SIGKILL");
    await tookOver(killedMs);
    await books();
  }, 90_000);

  it("[OW2] frozen and woken: its proposals are of an old epoch, and no ticket is matched twice", async () => {
    await matching();
    const frozen = await owner();
    const frozenMs = Date.now();
    frozen.signal("SIGSTOP");
    await tookOver(frozenMs);
    frozen.signal("SIGCONT");
    const wokenMs = Date.now();
    await vi.waitFor(() => expect(seatedSince(wokenMs)).toBeGreaterThan(2 * PLAYERS), { timeout: 15_000 });
    await books();
  }, 90_000);
});
