/** Matches whose server lets nobody in, in a fleet of three game servers: the players do nothing and sit down elsewhere. */
import { createClient, type FrontrowClient, type Played } from "@frontrow/client";
import { defaultLimits } from "@frontrow/shared/limits.ts";
import { parseRoomId } from "@frontrow/shared/metro.ts";
import type { Seat } from "@frontrow/shared/protocol/words.ts";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createLines } from "../attacks/tools/line.ts";
import { createPlayers, outcomeOf } from "../attacks/tools/player.ts";
import { type Fleet, startFleet } from "../support/fleet.ts";
import { redisMissing } from "../support/redis-server.ts";
import type config from "../support/replaced/frontrow.config.ts";

const CONFIG = new URL("../support/replaced/frontrow.config.ts", import.meta.url).pathname;
const REPLACED = "frontrow_matchmaker_matches_replaced_total";
const missing = redisMissing();
const serverOf = ({ roomId }: Pick<Seat, "roomId">) => parseRoomId(roomId)?.server;

describe.skipIf(missing)(missing ?? "a match whose server lets nobody in", () => {
  let fleet: Fleet;
  const clients: FrontrowClient<typeof config>[] = [];
  const played: Played<object>[] = [];
  const { dial, hangUp } = createLines();
  const { enter, dialSeat } = createPlayers(() => fleet, dial);

  beforeAll(async () => {
    for (const chatter of ["info", "warn", "error"] as const) vi.spyOn(console, chatter).mockImplementation(() => {});
    fleet = await startFleet({ config: CONFIG, servers: 3 });
  }, 60_000);
  afterEach(async () => {
    hangUp();
    await Promise.all(played.splice(0).map(({ room }) => room.leave()));
    for (const client of clients.splice(0)) client.close();
  });
  // Not asked what its logs say: rooms were made to fail.
  afterAll(() => fleet?.kill());

  type Mode = "failing" | "full" | "plain" | "broken";
  function playing(mode: Mode) {
    const client = createClient<typeof config>({ url: fleet.url });
    clients.push(client);
    return client.play(mode);
  }
  async function pair(mode: Mode): Promise<[Played<object>, Played<object>]> {
    const both = await Promise.all([playing(mode), playing(mode)]);
    return both.map((one) => {
      if (!one.ok) throw new Error(`${one.code}: ${one.message}`);
      played.push(one);
      return one;
    }) as [Played<object>, Played<object>];
  }
  const failures = () => fleet.member("game-server 1").said().split("a room could not be made").length - 1;

  it.each(["failing", "full"] as const)(
    "[RP10] [RP14] %s: both sit down in one room of another server, without doing anything, and read why",
    async (mode) => {
      // The least loaded server gets a match: until that is the first.
      for (let isMoved = false; !isMoved; ) {
        const [one, two] = await pair(mode);
        expect(two.roomId).toBe(one.roomId);
        expect(serverOf(one)).not.toBe("1");
        isMoved = [one, two].every(({ why }) => why.some((said) => said.includes("its server let nobody in")));
      }
      const placed = await fleet.member("matchmaker").metric(REPLACED, `mode="${mode}",why="refused",outcome="placed"`);
      expect(placed).toBeGreaterThan(0);
    },
  );

  it("[RP6] a server whose rooms fail is left alone after a few of them", async () => {
    const before = failures();
    for (let i = 0; i < 12; i++) {
      const [one, two] = await pair("failing");
      expect(two.roomId).toBe(one.roomId);
    }
    // One refusal opens the window; the next may come after it has closed.
    expect(failures() - before).toBeLessThanOrEqual(2 * (defaultLimits.failingPlacementsMax + 1));
  });

  it("[RP4] a match that no server can make a room for ends for both, each told why", async () => {
    const both = await Promise.all([playing("broken"), playing("broken")]);
    expect(both.map((one) => !one.ok && one.code)).toEqual(["ROOM_FAILED", "ROOM_FAILED"]);
    const givenUp = fleet.member("matchmaker").metric(REPLACED, 'mode="broken",why="refused",outcome="given-up"');
    expect(await givenUp).toBeGreaterThan(0);
  }, 40_000);

  /** Two raw players with the seats of one match, on the server that says so. */
  async function seatedPair(mode: Mode) {
    const players = await Promise.all([enter(), enter()]);
    const seats = await Promise.all(players.map((player) => player.wish({ t: "play", id: "t", mode })));
    if (seats.some((seat) => "t" in seat)) throw new Error(JSON.stringify(seats));
    return { players, seats: seats as Seat[] };
  }

  it("[RP10] a player who says that he was let not in, and his server says nothing: nothing moves, and both sit where they were", async () => {
    const { players, seats } = await seatedPair("plain");
    const [liar] = players;
    const claims = liar!.wish({ t: "again", id: "t", refused: true });
    expect(await claims).toMatchObject({ t: "error", code: "MATCH_STAYS" });
    const again = (await liar!.wish({ t: "again", id: "t", refused: false })) as Seat;
    expect(again).toMatchObject({ roomId: seats[0]!.roomId, sessionId: seats[0]!.sessionId });
    expect(again.generation).toBeGreaterThan(seats[0]!.generation);
    for (const seat of [again, seats[1]!]) expect(await outcomeOf(dialSeat(seat))).toBe("sat");
  }, 20_000);

  it("[RP9] nobody asks for a seat that his ticket did not bring him", async () => {
    const { players } = await seatedPair("plain");
    const stranger = await enter();
    for (const id of ["t", "never"]) {
      expect(await stranger.wish({ t: "again", id, refused: true })).toMatchObject({ code: "TICKET_UNKNOWN" });
    }
    expect(await players[0]!.wish({ t: "again", id: "other", refused: false })).toMatchObject({
      code: "TICKET_UNKNOWN",
    });
  });

  // Last: the server does not come back.
  it("[RP10] a server that stops before anybody sat down: its match is in one room of another", async () => {
    const { players, seats } = await seatedPair("plain");
    const server = serverOf(seats[0]!)!;
    await fleet.member(`game-server ${server}`).end();
    const moved = (await Promise.all(players.map((one) => one.wish({ t: "again", id: "t", refused: true })))) as Seat[];
    expect(moved[1]!.roomId).toBe(moved[0]!.roomId);
    expect(serverOf(moved[0]!)).not.toBe(server);
    for (const seat of moved) expect(await outcomeOf(dialSeat(seat))).toBe("sat");
  });
});
