/**
 * A game server that is told to leave while fifty matches of a few seconds run on it. They end by themselves, so that none is cut; one
 * that would go on for ever is.
 */
import { definePlugins, Room } from "@colyseus/core";
import type { Room as JoinedRoom } from "@colyseus/sdk";
import { MatchPlugin } from "@frontrow/game-server/plugin.ts";
import { pickListen } from "@frontrow/listener/pick.ts";
import { fill, match } from "@frontrow/shared/config/modes.ts";
import { errorCatalogue } from "@frontrow/shared/errors.ts";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { hears, leaveCode } from "../support/game-server/sdk.ts";
import { createWorld, type TestSeat, type World } from "../support/game-server/world.ts";

const MATCHES = 50;
/** From the moment that both sit. */
const MATCH_MS = 3_000;
const DRAIN_MS = 12_000;
const teams = [{ seats: 1 }, { seats: 1 }];

class ShortRoom extends Room {
  override plugins = definePlugins([new MatchPlugin()]);
  override onJoin() {
    if (this.clients.length === 2) this.clock.setTimeout(() => void this.plugins.match.finish({ left: [] }), MATCH_MS);
  }
  /** Nobody is thrown out for a blink of the connection. */
  override onCreate() {
    this.patchRate = 100;
    this.plugins.match.onDrain(({ leavesInMs }) => void news.push([this.roomId, leavesInMs]));
  }
}
class EndlessRoom extends Room {
  override plugins = definePlugins([new MatchPlugin()]);
  override onCreate() {
    this.plugins.match.onDrain(({ leavesInMs }) => {
      this.broadcast("leaving", leavesInMs);
      throw new Error("secret of the room");
    });
  }
}
/** Of the short rooms: what each was told of the drain. */
const news: [roomId: string, leavesInMs: number][] = [];

let world: World;
beforeAll(async () => {
  for (const chatter of ["warn", "error"] as const) vi.spyOn(console, chatter).mockImplementation(() => {});
  world = await createWorld({
    listen: await pickListen(),
    modes: { short: match({ teams }), endless: match({ teams }), arena: fill({ seats: 4 }) },
    rooms: async () => ({ short: ShortRoom, endless: EndlessRoom, arena: EndlessRoom }),
    limits: {
      ...{ heartbeatMs: 200, leaseMs: 2_000, seatTokenMs: 4_000, requestsPerAddressPerSecond: 5_000 },
      admissionMs: 3_000,
    },
    game: { drainMs: DRAIN_MS },
  });
});
afterAll(() => world.close());

async function matchSeats(id: string, mode: string): Promise<[TestSeat, TestSeat]> {
  const target = { kind: "match", mode } as const;
  const one = await world.seat({ mode, ticket: `m:${id}`, target, claims: { match: id, team: 0, sid: `S${id}0` } });
  const claims = { ...one.claims, seat: 1, team: 1, sid: `S${id}1`, player: `other of ${id}` };
  return [one, { claims, token: world.sign(claims) }];
}
const both = (seats: readonly TestSeat[]) => Promise.all(seats.map((seat) => world.join(seat)));

it("[DR8] [DR2] [DR10] [DR13] fifty running matches end by themselves, also one that only then sits down, each told once; what is left at the deadline is cut", async () => {
  const pairs = await Promise.all(Array.from({ length: MATCHES }, (_, at) => matchSeats(`match${at}`, "short")));
  const late = await matchSeats("late", "short");
  const endless = await matchSeats("endless", "endless");
  const arena = await world.seat({ mode: "arena" });
  const [cut, filled] = await Promise.all([both(endless), world.join(arena)]);
  const rooms = (await Promise.all(pairs.map(both))).flat();
  const ends = new Map<JoinedRoom, Promise<number>>([...rooms, ...cut, filled].map((room) => [room, leaveCode(room)]));
  expect(world.gameServer.snapshot()).toMatchObject({ seated: 2 * MATCHES + 3 });

  const warned = Promise.all([...cut, filled].map((room) => hears<number>(room, "leaving")));
  const beganMs = performance.now();
  await world.gameServer.drain();
  for (const leavesInMs of await warned) {
    expect(leavesInMs).toBeCloseTo(DRAIN_MS, -2);
    expect(leavesInMs).toSatisfy(Number.isInteger);
  }
  const threw = world.events.filter((event) => event.kind === "room-threw");
  expect(threw.map(({ where, mode }) => `${where} ${mode}`).sort()).toEqual(["onDrain arena", "onDrain endless"]);
  await expect(world.seat({ mode: "arena" })).rejects.toThrow("NO_SERVER");
  expect(await world.lobby.fleet.look("7")).toMatchObject({ draining: true, closed: false });
  // Its tokens were given before.
  const lateRooms = await both(late);
  for (const room of lateRooms) ends.set(room, leaveCode(room));

  const finished = await Promise.all([...rooms, ...lateRooms].map((room) => ends.get(room)));
  expect(new Set(finished)).toEqual(new Set([errorCatalogue.ROOM_FINISHED.close]));
  expect(performance.now() - beganMs).toBeLessThan(DRAIN_MS);
  expect(world.events.filter(({ kind }) => kind === "cut")).toEqual([]);
  expect(world.finished).toHaveLength(MATCHES + 1);
  const told = new Map(news);
  expect(news.filter(([, leavesInMs]) => !Number.isInteger(leavesInMs))).toEqual([]);
  expect([news.length, told.size]).toEqual([MATCHES + 1, MATCHES + 1]);
  // The late one is told what is left when its room is made.
  expect(told.get(late[0].claims.room)).toBeLessThan(told.get(pairs[0]![0].claims.room)!);

  const left = await Promise.all([...cut, filled].map((room) => ends.get(room)));
  expect(left).toEqual(Array(3).fill(errorCatalogue.SERVER_LEFT.close));
  expect(performance.now() - beganMs).toBeGreaterThanOrEqual(DRAIN_MS);
  expect(world.events.filter(({ kind }) => kind === "cut")).toEqual([
    { kind: "cut", mode: "endless", players: 2 },
    { kind: "cut", mode: "arena", players: 1 },
  ]);
  // The index had heard before they were told: only the match that was cut may go elsewhere.
  const again = (id: string, seat: TestSeat) =>
    world.lobby.index.replace({ match: `m:${id}`, refusedIn: seat.claims.room, suffix: "elsewhere", avoid: [] });
  expect(await again("endless", endless[0])).toEqual({ kind: "NO_SERVER" });
  expect(await again("match0", pairs[0]![0])).toEqual({ kind: "SEATED" });
  expect(await world.lobby.fleet.look("7")).toMatchObject({ closed: true, rooms: 0, seated: 0 });

  const claims = { ...endless[0].claims, gen: 9, exp: Date.now() + 4_000 };
  await expect(world.join({ claims, token: world.sign(claims) })).rejects.toThrow();
}, 40_000);
