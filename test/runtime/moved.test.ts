/**
 * Pages that come back to a seat: beside a page that has it open, in a room whose code keeps nobody's place; and to a match whose server
 * left, by themselves after a reload, or because they ask for it.
 */
import { createClient, type FrontrowClient, type Played, type PlayResult, whyLeft } from "@frontrow/client";
import { createMemoryStorage, type SeatStorage } from "@frontrow/client/kept-seat.ts";
import { parseRoomId } from "@frontrow/shared/metro.ts";
import type { Seat } from "@frontrow/shared/protocol/words.ts";
import { peekSeat } from "@frontrow/shared/seat-token.ts";
import { exportSPKI, generateKeyPair, SignJWT } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createLines } from "../attacks/tools/line.ts";
import { createPlayers, outcomeOf } from "../attacks/tools/player.ts";
import { type Fleet, startFleet } from "../support/fleet.ts";
import type { default as config, LoungeState } from "../support/moved/frontrow.config.ts";
import { redisMissing } from "../support/redis-server.ts";

const CONFIG = new URL("../support/moved/frontrow.config.ts", import.meta.url).pathname;
const missing = redisMissing();
const WAIT = { timeout: 25_000, interval: 50 };
const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
const serverOf = ({ roomId }: { roomId: string }) => parseRoomId(roomId)!.server;

describe.skipIf(missing)(missing ?? "a page that comes back", () => {
  let fleet: Fleet;
  const clients: FrontrowClient<typeof config>[] = [];
  const { dial, hangUp } = createLines();
  const { enter, dialSeat } = createPlayers(() => fleet, dial);

  beforeAll(async () => {
    for (const chatter of ["info", "warn", "error"] as const) vi.spyOn(console, chatter).mockImplementation(() => {});
    const env = { FRONTROW_DRAIN_MS: "1000", FRONTROW_JWT_KEY: await exportSPKI(publicKey) };
    fleet = await startFleet({ config: CONFIG, servers: 4, env });
  }, 60_000);
  afterEach(() => {
    hangUp();
    for (const client of clients.splice(0)) client.close();
  });
  // Not asked whether all are ready: some have left.
  afterAll(() => fleet?.kill());

  const jwtOf = (player: string) =>
    new SignJWT({}).setProtectedHeader({ alg: "ES256" }).setSubject(player).setExpirationTime("1h").sign(privateKey);
  function page(storage: SeatStorage = createMemoryStorage(), jwt?: string) {
    const client = createClient<typeof config>({ url: fleet.url, storage, ...(jwt ? { jwt } : {}) });
    clients.push(client);
    return client;
  }
  async function seated<S>(playing: Promise<PlayResult<S>>): Promise<Played<S>> {
    const played = await playing;
    if (!played.ok) throw new Error(`${played.code}: ${played.message}`);
    return played;
  }
  /** A player, and where he was moved since. */
  function mover() {
    const moves: PlayResult[] = [];
    const moved = () =>
      vi.waitFor(() => {
        expect(moves).toHaveLength(1);
        return seated(Promise.resolve(moves[0]!));
      }, WAIT);
    return { onMoved: (to: PlayResult) => void moves.push(to), moved };
  }
  const guestsIn = ({ room }: Played<unknown>) => [...(room.state as LoungeState).guests.values()];
  const ended = ({ room }: Pick<Played<unknown>, "room">) =>
    new Promise<{ code: number; reason: string | undefined }>((resolve) =>
      room.onLeave((code, reason) => resolve({ code, reason })),
    );
  /** Sends the server away with the match that it has. */
  const leaves = (played: Played<unknown>) => fleet.member(`game-server ${serverOf(played)}`).end();

  it("[RS9] takes the seat of an open page over in a room that keeps nobody's place, as often as it is opened again", async () => {
    const storage = createMemoryStorage();
    const host = await seated(page().create("lounge", { options: { name: "Host" } as never }));
    const { roomId } = host;
    let last = await seated(page(storage).join<"lounge">({ roomId }, { options: { name: "Ada" } as never }));
    const { sessionId } = last.room;
    for (let tabs = 0; tabs < 3; tabs++) {
      const end = ended(last);
      last = await seated(page(storage).resume<"lounge">());
      expect(whyLeft((await end).code)).toMatchObject({ code: "SEAT_TAKEN_OVER" });
      expect(last.room.sessionId).toBe(sessionId);
      await vi.waitFor(() => expect(guestsIn(last).sort()).toEqual(["Ada", "Host"]), WAIT);
    }
    await last.room.leave();
    expect(await page(storage).resume()).toMatchObject({ ok: false, code: "NOTHING_TO_RESUME" });
    await host.room.leave();
  });

  it("[DR11] reloaded before its server left, comes to the match's new room together with the other player", async () => {
    const [ada, bob] = await Promise.all([jwtOf("ada"), jwtOf("bob")]);
    const storage = createMemoryStorage();
    const other = mover();
    const [first, second] = await Promise.all([
      seated(page(storage, ada).play("duel")),
      seated(page(undefined, bob).play("duel", { onMoved: other.onMoved })),
    ]);
    const reloaded = mover();
    const back = await seated(page(storage, ada).resume({ onMoved: reloaded.onMoved }));
    expect(back).toMatchObject({ roomId: second.roomId, match: second.match, team: first.team });
    const [, one, two] = await Promise.all([leaves(back), reloaded.moved(), other.moved()]);
    expect(one).toMatchObject({ roomId: two.roomId, match: first.match, team: first.team, playerId: "ada" });
    expect(two).toMatchObject({ match: first.match, team: second.team, playerId: "bob" });
    expect(serverOf(one)).not.toBe(serverOf(first));
    await Promise.all([one.room.leave(), two.room.leave()]);
  }, 60_000);

  it("[DR14] looked on is told that this room is gone, and finds the match in the list again", async () => {
    const [one, two] = [mover(), mover()];
    const [first] = await Promise.all([
      seated(page().play("duel", { onMoved: one.onMoved })),
      seated(page().play("duel", { onMoved: two.onMoved })),
    ]);
    const fans: PlayResult[] = [];
    const onMoved = (to: PlayResult) => void fans.push(to);
    const fan = page();
    const listed = async ({ roomId }: Played<unknown>) => {
      const { rooms } = await fan.rooms("duel", { watchable: true });
      expect(rooms.find((room) => room.roomId === roomId)).toMatchObject({ watch: 2 });
    };
    await vi.waitFor(() => listed(first), WAIT);
    await seated(fan.spectate({ roomId: first.roomId }, { onMoved }));
    const byHand = page();
    const watched = await seated(byHand.spectate({ roomId: first.roomId }));
    const end = ended(watched);
    await leaves(first);
    const [moved] = await Promise.all([one.moved(), two.moved()]);
    await vi.waitFor(() => expect(fans).toHaveLength(1), WAIT);
    expect(fans[0]).toMatchObject({ ok: false, code: "ROOM_NOT_FOUND" });
    expect(whyLeft((await end).code)).toMatchObject({ code: "SERVER_LEFT" });
    expect(await byHand.resume()).toMatchObject({ ok: false, code: "NOTHING_TO_RESUME" });
    await vi.waitFor(() => listed(moved), WAIT);
    await seated(fan.spectate({ roomId: moved.roomId }));
  }, 60_000);

  it("[DR12] that nobody moves is told why in words, and goes to the match by `resume`: a guest on his page, a signed-in player after a reload", async () => {
    const cy = await jwtOf("cy");
    const storage = createMemoryStorage();
    const guest = page();
    const [one, two] = await Promise.all([seated(guest.play("duel")), seated(page(storage, cy).play("duel"))]);
    const ends = Promise.all([ended(one), ended(two)]);
    await leaves(one);
    for (const { code, reason } of await ends) {
      expect(reason).toBe("SERVER_LEFT");
      expect(whyLeft(code)).toMatchObject({ code: "SERVER_LEFT", retryable: true });
    }
    const back = await Promise.all([seated(guest.resume()), seated(page(storage, cy).resume())]);
    expect(back[0]).toMatchObject({ match: one.match, team: one.team, roomId: back[1].roomId });
    expect(back[1]).toMatchObject({ match: one.match, team: two.team, playerId: "cy" });
    expect(serverOf(back[0])).not.toBe(serverOf(one));
    await Promise.all(back.map(({ room }) => room.leave()));
  }, 60_000);

  it("[RP9] a match that a player names gives him a seat where he is one of its own, with options that fit, and nobody else", async () => {
    const players = await Promise.all([enter(), enter()]);
    const seats = await Promise.all(players.map((one) => one.wish({ t: "play", id: "t", mode: "duel" })));
    const [seat] = seats as Seat[];
    const { match } = peekSeat(seat!.token)!;
    const named = (options: object) => ({
      ...{ t: "again", id: "named", refused: false },
      seat: { match: match!, roomId: seat!.roomId, options },
    });
    const stranger = await enter();
    expect(await stranger.wish(named({}))).toMatchObject({ t: "error", code: "MATCH_GONE" });
    const wrong = await players[0]!.wish(named({ role: "boss" }));
    expect(wrong).toMatchObject({ t: "error", code: "INVALID_ATTRIBUTES", issues: [expect.stringContaining("role")] });
    const again = (await players[0]!.wish(named({ role: "tank" }))) as Seat;
    expect(again).toMatchObject({ roomId: seat!.roomId, sessionId: seat!.sessionId });
    expect(await outcomeOf(dialSeat(again))).toBe("sat");
  }, 20_000);
});
