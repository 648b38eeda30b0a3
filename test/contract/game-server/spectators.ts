/** Those who only look on. Their tokens are signed as the matchmaker signs them: without a hold. */
import { errorCatalogue } from "@frontrow/shared/errors.ts";
import { expect, it, vi } from "vitest";
import { said } from "../../support/game-server/rooms.ts";
import { asks, eventually, leaveCode, refusal } from "../../support/game-server/sdk.ts";
import type { TestSeat, World } from "../../support/game-server/world.ts";
import type { Suite } from "../game-server.ts";

const closeOf = (code: keyof typeof errorCatalogue) => errorCatalogue[code].close;
let made = 0;

/** A place to look on in the room of `seat`. */
function watching(world: World, { claims }: TestSeat, gen = 1, ticket = `watch:${made++}`): TestSeat {
  const { match: _match, team: _team, ...room } = claims;
  const own = { ticket, seat: 0, sid: `W${ticket}`, player: `fan-${ticket}`, gen, spectator: true as const };
  const spectator = { ...room, ...own, options: {}, exp: Date.now() + 3_000 };
  return { token: world.sign(spectator), claims: spectator };
}

export function spectatorsContract(suite: Suite) {
  /** A room with its two players; `match`: in one of these. */
  async function played(match?: string) {
    const { world } = suite;
    const mode = match ? "shown" : "watched";
    const first = await world.seat({ mode, claims: match ? { match, team: 0 } : {} });
    const target = { kind: "room", roomId: first.claims.room } as const;
    const second = await world.seat({ mode, target, claims: match ? { match, team: 1 } : {} });
    const rooms = await Promise.all([world.join(first), world.join(second)]);
    const seated = () => world.gameServer.snapshot().rooms.find(({ roomId }) => roomId === first.claims.room)?.seated;
    return { world, seats: [first, second] as const, rooms, seated, roomId: first.claims.room };
  }

  it("[SP1] a full room takes as many spectators as its mode says, and no player less or more for it", async () => {
    const { world, seats, rooms, seated } = await played();
    const fans = await Promise.all([0, 1].map(() => world.join(watching(world, seats[0]))));
    expect((await refusal(world.join(watching(world, seats[0])))).code).toBe(closeOf("SPECTATORS_FULL"));
    expect(seated()).toBe(2);
    await eventually(() => expect(fans[0]!.state.players.size).toBe(2));
    await rooms[1]!.leave();
    await eventually(() => expect(seated()).toBe(1));
    const third = await vi.waitFor(
      () => world.seat({ mode: "watched", target: { kind: "room", roomId: seats[0].claims.room } }),
      { timeout: 5_000, interval: 50 },
    );
    const late = await world.join(third);
    expect(seated()).toBe(2);
    await fans[0]!.leave();
    const next = await vi.waitFor(() => world.join(watching(world, seats[0])), { timeout: 5_000, interval: 50 });
    await Promise.all([next, late, rooms[0]!, fans[1]!].map((room) => room.leave()));
  });

  it("[SP1] of a crowd that comes at once no more get in than there is room for", async () => {
    const { world, seats, rooms } = await played();
    const fans = await Promise.allSettled(Array.from({ length: 12 }, () => world.join(watching(world, seats[0]))));
    expect(fans.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
    await Promise.all(rooms.map((room) => room.leave()));
  });

  it("[SP2] the room knows a spectator, takes what it allows, and nothing else: the sender is told once", async () => {
    const { world, seats, rooms, roomId } = await played();
    const fan = await world.join(watching(world, seats[0]));
    expect(await asks(fan, "who")).toMatchObject({ spectator: true, team: undefined, match: undefined });
    expect(said(roomId)).toContain(`watch ${fan.sessionId}`);
    const told: number[] = [];
    fan.onError((code) => void told.push(code));
    const echoed = vi.fn();
    fan.onMessage("echo", echoed);
    fan.send("echo", 1);
    fan.send("disconnect");
    fan.send("finish", {});
    fan.sendBytes("echo", new Uint8Array([1]));
    // What came before it in the order of the connection was dropped.
    expect(await asks(fan, "cheer")).toBe(true);
    expect(told).toEqual([closeOf("ONLY_WATCHING")]);
    expect(echoed).not.toHaveBeenCalled();
    expect(await asks(rooms[0]!, "echo", 7)).toBe(7);
    await Promise.all([fan, ...rooms].map((room) => room.leave()));
  });

  it("[SP2] a spectator who comes back is one still", async () => {
    const { world, seats, rooms } = await played();
    const fan = await world.join(watching(world, seats[0], 1, "watch:back"));
    const left = leaveCode(fan);
    const again = await world.join(watching(world, seats[0], 2, "watch:back"));
    expect(await left).toBe(closeOf("SEAT_TAKEN_OVER"));
    const told: number[] = [];
    again.onError((code) => void told.push(code));
    again.send("echo", 1);
    expect(await asks(again, "who")).toMatchObject({ spectator: true });
    expect(told).toEqual([closeOf("ONLY_WATCHING")]);
    await Promise.all([again, ...rooms].map((room) => room.leave()));
  });

  it("[SP3] a match knows nothing of spectators: not its result, not who left, not whom it wants", async () => {
    const { world, seats, rooms, roomId } = await played("watched-match");
    const fans = await Promise.all([0, 1].map(() => world.join(watching(world, seats[0]))));
    const leaver = seats[1].claims.player;
    await rooms[1]!.leave();
    // Whoever left the match may look on at its end, and has left it all the same.
    await fans[1]!.leave();
    const returned = watching(world, seats[0]);
    const asFan = { ...returned.claims, player: leaver };
    await vi.waitFor(() => world.join({ token: world.sign(asFan), claims: asFan }), { timeout: 5_000, interval: 50 });
    rooms[0]!.send("want", [0, 1]);
    await eventually(async () => {
      const [wanting] = await world.lobby.index.listWanted("shown");
      expect(wanting).toMatchObject({ roomId, seated: 1, wanted: [0, 1] });
      expect(JSON.parse(wanting!.company).playerIds).toEqual([seats[0].claims.player]);
    });
    const closed = leaveCode(fans[0]!);
    rooms[0]!.send("finish", {});
    expect(await closed).toBe(closeOf("ROOM_FINISHED"));
    const finished = await vi.waitUntil(() => world.finished.find(({ match }) => match === "watched-match"), 5_000);
    expect(finished.players.map(({ playerId }) => playerId)).toEqual([seats[0].claims.player]);
    expect(finished.left).toEqual([leaver]);
  });

  it("[SP3] a room without players ends, whoever looks on, and none is made for a spectator", async () => {
    const { world, seats, rooms, roomId } = await played();
    const fan = await world.join(watching(world, seats[0]));
    const closed = leaveCode(fan);
    await Promise.all(rooms.map((room) => room.leave()));
    expect(await closed).toBe(closeOf("ROOM_FINISHED"));
    await eventually(() => expect(said(roomId)).toContain("dispose"));
    const unmade = await world.seat({ mode: "watched" });
    expect((await refusal(world.join(watching(world, unmade)))).code).toBe(closeOf("ROOM_NOT_FOUND"));
    expect(said(unmade.claims.room)).toEqual([]);
  });

  it("[SP3] a mode that says nothing of spectators takes none; a locked room takes them, and no players", async () => {
    const { world } = suite;
    const plain = await world.seat();
    const room = await world.join(plain);
    expect((await refusal(world.join(watching(world, plain)))).code).toBe(closeOf("NOT_WATCHED"));
    await room.leave();
    const { seats, rooms } = await played();
    rooms[0]!.send("lock");
    expect(await asks(rooms[0]!, "cheer")).toBe(true);
    const fan = await world.join(watching(world, seats[0]));
    await Promise.all([fan, ...rooms].map((one) => one.leave()));
  });

  it("[SP4] the index lists what may be watched with the places left, matches among it, and answers for it", async () => {
    const { world, seats, rooms, roomId } = await played("listed-match");
    const listed = async () => {
      const { rooms: found } = await world.lobby.index.listRooms({ mode: "shown", limit: 100, watchable: true });
      return found.find((one) => one.roomId === roomId)?.watch;
    };
    await eventually(async () => expect(await listed()).toBe(2));
    const watch = () => world.lobby.index.watch({ roomId }, "any");
    expect(await watch()).toMatchObject({ kind: "WATCH", roomId, mode: "shown", server: "7" });
    const fans = await Promise.all([0, 1].map(() => world.join(watching(world, seats[0]))));
    await eventually(async () => expect(await listed()).toBe(0));
    expect(await watch()).toEqual({ kind: "FULL" });
    rooms[0]!.send("hide");
    await eventually(async () => expect(await listed()).toBeUndefined());
    await fans[0]!.leave();
    await eventually(async () => expect(await watch()).toMatchObject({ kind: "WATCH" }));
    rooms[0]!.send("finish", {});
    await eventually(async () => expect(await watch()).toEqual({ kind: "ROOM_GONE" }));
  });
}
