/** Game servers that leave a fleet with players on them, who do nothing: sent away by an operator, hurried, and killed. */
import { createClient, type FrontrowClient, type Played, type PlayResult } from "@frontrow/client";
import { parseRoomId } from "@frontrow/shared/metro.ts";
import type { Seat } from "@frontrow/shared/protocol/words.ts";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createLines } from "../attacks/tools/line.ts";
import { createPlayers, outcomeOf } from "../attacks/tools/player.ts";
import type config from "../support/drain/frontrow.config.ts";
import { type Fleet, startFleet } from "../support/fleet.ts";
import { runFrontrow } from "../support/frontrow.ts";
import { redisMissing } from "../support/redis-server.ts";

const CONFIG = new URL("../support/drain/frontrow.config.ts", import.meta.url).pathname;
const DRAIN_MS = 9_000;
const missing = redisMissing();
const serverOf = ({ roomId }: Pick<Seat, "roomId">) => parseRoomId(roomId)!.server;
const WAIT = { timeout: 25_000, interval: 50 };

describe.skipIf(missing)(missing ?? "a game server that leaves", () => {
  let fleet: Fleet;
  const clients: FrontrowClient<typeof config>[] = [];
  const { dial, hangUp } = createLines();
  const { enter, dialSeat } = createPlayers(() => fleet, dial);

  beforeAll(async () => {
    for (const chatter of ["info", "warn", "error"] as const) vi.spyOn(console, chatter).mockImplementation(() => {});
    fleet = await startFleet({ config: CONFIG, servers: 4, env: { FRONTROW_DRAIN_MS: `${DRAIN_MS}` } });
  }, 60_000);
  afterEach(() => {
    hangUp();
    for (const client of clients.splice(0)) client.close();
  });
  // Not asked what its logs say: one is killed.
  afterAll(() => fleet?.kill());

  /** A player who sits, and where he was moved since. */
  async function player(mode: "duel" | "arena") {
    const client = createClient<typeof config>({ url: fleet.url });
    clients.push(client);
    const moves: PlayResult[] = [];
    const played = await client.play(mode, { onMoved: (moved) => void moves.push(moved) });
    if (!played.ok) throw new Error(`${played.code}: ${played.message}`);
    return { played, moves };
  }
  const moved = ({ moves }: { moves: PlayResult[] }) =>
    vi.waitFor(() => {
      const [last] = moves;
      if (!last?.ok) throw new Error(last ? `${last.code}: ${last.message}` : "not moved yet");
      return last as Played<unknown>;
    }, WAIT);

  it("[DR7] [DR6] [DR3] [RP14] sent away by an operator: both of a match come together on another server, and the arena's player plays on", async () => {
    const pair = await Promise.all([player("duel"), player("duel")]);
    const home = serverOf(pair[0].played);
    expect(pair[1].played.roomId).toBe(pair[0].played.roomId);
    const guests = await Promise.all(Array.from({ length: 8 }, () => player("arena")));
    const leaving = runFrontrow("drain", { args: [home, "--metro", "fra"], env: { REDIS_URL: fleet.redis.url } });

    const [one, two] = await Promise.all(pair.map(moved));
    expect(two!.roomId).toBe(one!.roomId);
    expect(serverOf(one!)).not.toBe(home);
    expect([one!.match, two!.match]).toEqual([pair[0].played.match, pair[0].played.match]);
    expect([one!.team, two!.team].sort()).toEqual([0, 1]);
    for (const { why } of [one!, two!]) expect(why).toEqual(["The match was placed again, because its server left."]);
    const matchmaker = fleet.member("matchmaker");
    expect(await matchmaker.metric("frontrow_matchmaker_matches_replaced_total", 'mode="duel",why="left"')).toBe(1);
    const line = new RegExp(`a match is placed again .*why=left .*from=${pair[0].played.roomId} .*to=${one!.roomId}`);
    expect(matchmaker.said()).toMatch(line);
    for (const guest of guests) {
      if (serverOf(guest.played) === home) expect(serverOf(await moved(guest))).not.toBe(home);
    }
    const { code, said } = await leaving;
    expect([code, said]).toEqual([0, expect.stringMatching(/has left: its time was over, and \d+ players? went back/)]);
    expect(said).toContain(`game server ${home}:`);
    expect(await fleet.member(`game-server ${home}`).metric("frontrow_game_server_rooms_cut_total", "duel")).toBe(1);
    // Its process waits, empty, for whoever started it; nothing keeps it any more.
    expect(await fleet.member(`game-server ${home}`).end()).toBe(0);
  }, 60_000);

  it("[DR6] a server that is not there, or a metro without a code, is told", async () => {
    const env = { REDIS_URL: fleet.redis.url, FRONTROW_METRO: "fra" };
    const none = await runFrontrow("drain", { args: ["99"], env });
    expect([none.code, none.said]).toEqual([1, expect.stringContaining("there is no live game server 99")]);
    const wrong = await runFrontrow("drain", { args: ["9 9"], env: {} });
    expect([wrong.code, wrong.said.match(/^frontrow: /gm)?.length]).toEqual([78, 2]);
  }, 30_000);

  it("[DR9] a second SIGTERM cuts at once, and the match is placed again", async () => {
    const pair = await Promise.all([player("duel"), player("duel")]);
    const home = serverOf(pair[0].played);
    const leaving = fleet.member(`game-server ${home}`);
    const beganMs = performance.now();
    leaving.signal("SIGTERM");
    await vi.waitFor(() => expect(leaving.said()).toContain("this server leaves"), WAIT);
    expect(pair.flatMap(({ moves }) => moves)).toEqual([]);
    const [code, one, two] = await Promise.all([leaving.end("SIGTERM"), ...pair.map(moved)]);
    expect(code).toBe(0);
    expect(performance.now() - beganMs).toBeLessThan(DRAIN_MS);
    expect(two!.roomId).toBe(one!.roomId);
    expect(serverOf(one!)).not.toBe(home);
  }, 60_000);

  it("[DR9] a server that is killed while it leaves said nothing: its match stays, and whoever asks is told so", async () => {
    const players = await Promise.all([enter(), enter()]);
    const seats = (await Promise.all(players.map((one) => one.wish({ t: "play", id: "t", mode: "duel" })))) as Seat[];
    for (const seat of seats) expect(await outcomeOf(dialSeat(seat))).toBe("sat");
    const leaving = fleet.member(`game-server ${serverOf(seats[0]!)}`);
    leaving.signal("SIGTERM");
    await vi.waitFor(() => expect(leaving.said()).toContain("this server leaves"), WAIT);
    await leaving.end("SIGKILL");
    const again = await players[0]!.wish({ t: "again", id: "t", refused: true });
    expect(again).toMatchObject({ t: "error", code: "MATCH_STAYS" });
  }, 60_000);
});
