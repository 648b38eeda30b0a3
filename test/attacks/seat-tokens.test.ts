/** Seat tokens: copied, altered, old, forged, for another door. One true token sits down once; nothing else opens. */
import { errorCatalogue } from "@frontrow/shared/errors.ts";
import { generateSeatKey } from "@frontrow/shared/seat-token.ts";
import { expect, it } from "vitest";
import { createForge } from "./tools/forge.ts";
import { type Dialled, joined, outcomeOf, type Player } from "./tools/player.ts";
import { fleetScene } from "./tools/scene.ts";

/** Tokens live long enough for a busy machine to show the true one last. */
const limits = { playsPerPlayerPerSecond: 200, seatTokenMs: 40_000, seatHoldMs: 45_000 };
const scene = fleetScene({ servers: 2, limits });
const { SEAT_INVALID, SEAT_EXPIRED, SEAT_USED, SEAT_TAKEN_OVER, ROOM_FINISHED } = errorCatalogue;
const MAC_CHARS = 43;

async function knock(seat: Dialled, from: string) {
  const line = scene.dialSeat(seat, { from });
  const outcome = await outcomeOf(line);
  // A refusal repeats nothing of what it refuses.
  const said = JSON.stringify([
    line.ending,
    ...line.heard.map((frame) => Buffer.from(frame as Buffer).toString("latin1")),
  ]);
  if (outcome !== "sat" && seat.token.length > 40) expect(said).not.toContain(seat.token.slice(0, 40));
  return outcome;
}

/** A seat of its own room, so that the server is the one that the room id names. */
async function seatOf(
  player: Player,
  request: Record<string, unknown> = { t: "create", mode: "skirmish", private: false },
) {
  const seat = await player.wish(request);
  if ("t" in seat) throw new Error(seat.code);
  return { ...seat, server: seat.roomId.split("_")[1]! };
}

it("[AT18] of a hundred copies of a token, shown at once, one sits down", async () => {
  const seat = await seatOf(await scene.enter({}, { from: "127.5.0.1" }));
  const lines = Array.from({ length: 100 }, (_, at) => scene.dialSeat(seat, { from: `127.5.1.${1 + (at % 10)}` }));
  const outcomes = await Promise.all(lines.map(outcomeOf));
  expect(outcomes.filter((outcome) => outcome === "sat")).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome === SEAT_USED.close)).toHaveLength(99);
  expect(lines[outcomes.indexOf("sat")]!.isOpen).toBe(true);
  expect(await knock(seat, "127.5.1.20")).toBe(SEAT_USED.close);
});

it("[AT18] the newer generation of a seat ends the older connection, and the older token opens nothing any more", async () => {
  const player = await scene.enter({}, { from: "127.5.2.1" });
  const wish = { t: "create", mode: "skirmish", private: false, id: "again" };
  const first = await seatOf(player, wish);
  const second = await seatOf(player, wish);
  expect([second.roomId, second.sessionId]).toEqual([first.roomId, first.sessionId]);
  const older = scene.dialSeat(first, { from: "127.5.2.1" });
  expect(await joined(older)).toBe(true);
  const newer = scene.dialSeat(second, { from: "127.5.2.1" });
  expect(await joined(newer)).toBe(true);
  expect((await older.ended()).code).toBe(SEAT_TAKEN_OVER.close);
  expect(await knock(first, "127.5.2.1")).toBe(SEAT_TAKEN_OVER.close);
  expect(newer.isOpen).toBe(true);
});

it("[AT19] a token is refused when it has expired, and by every other room, server and boot", async () => {
  const player = await scene.enter({}, { from: "127.5.3.1" });
  const [seat, other] = [await seatOf(player), await seatOf(player)];
  const forge = await createForge(scene.frontrow, seat.server);
  const wrong: Record<string, [Partial<Dialled>, number]> = {
    expired: [{ token: forge(seat.token, { exp: Date.now() - 1 }) }, SEAT_EXPIRED.close],
    "long expired": [{ token: forge(seat.token, { exp: 0 }) }, SEAT_EXPIRED.close],
    "another room in the address": [{ roomId: other.roomId }, SEAT_INVALID.close],
    "another room in the token": [{ token: forge(seat.token, { room: other.roomId }) }, SEAT_INVALID.close],
    "another metro": [{ token: forge(seat.token, { metro: "ams" }) }, SEAT_INVALID.close],
    "another server": [{ token: forge(seat.token, { server: "9" }) }, SEAT_INVALID.close],
    "an earlier boot": [{ token: forge(seat.token, { boot: "before" }, { boot: "before" }) }, SEAT_INVALID.close],
    "an earlier boot under this one's key": [{ token: forge(seat.token, { boot: "before" }) }, SEAT_INVALID.close],
  };
  for (const [name, [changed, code]] of Object.entries(wrong)) {
    expect(await knock({ ...seat, ...changed }, "127.5.3.2"), name).toBe(code);
  }
  for (const { port, name } of scene.frontrow.members.filter(({ name }) => name.startsWith("game-server"))) {
    if (name.endsWith(seat.server)) continue;
    expect(await knock({ ...seat, publicAddress: `:${port}` }, "127.5.3.3"), name).toBe(SEAT_INVALID.close);
  }
  expect(await knock(seat, "127.5.3.4"), "the true one").toBe("sat");
});

it("[AT19] a token that was altered anywhere, or signed by anybody else, opens nothing", async () => {
  const seat = await seatOf(await scene.enter({}, { from: "127.5.4.1" }));
  const { token } = seat;
  const forge = await createForge(scene.frontrow, seat.server);
  const [payload, mac] = [token.slice(0, -MAC_CHARS), token.slice(-MAC_CHARS)];
  const altered = (at: number) => token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
  const step = Math.ceil(token.length / 60);
  const tokens = [
    ...Array.from({ length: Math.floor(token.length / step) }, (_, at) => altered(at * step)),
    ...[1, 2, 43].map((back) => altered(token.length - back)),
    forge(token, {}, { issuer: generateSeatKey().privateText }),
    payload + "A".repeat(MAC_CHARS),
    payload,
    mac,
    payload + mac.slice(1),
    `${payload}A${mac}`,
    `${payload}=${mac}`,
    `${payload}.${mac}`,
    token + token,
    token.toUpperCase(),
    `${payload}${mac.slice(0, -1)}\u00e9`,
  ];
  const outcomes = new Set<unknown>();
  for (const [at, each] of tokens.entries()) {
    outcomes.add(await knock({ ...seat, token: encodeURIComponent(each) }, `127.5.5.${1 + (at % 8)}`));
  }
  // Where the altered text still reads as a seat of elsewhere it is told on the socket, else by HTTP.
  expect([...outcomes].filter((outcome) => outcome !== 401 && outcome !== SEAT_INVALID.close)).toEqual([]);
  expect(await knock(seat, "127.5.4.2"), "the true one").toBe("sat");
});

it("[AT19] tokens that are empty, enormous, escaped or no text open nothing", async () => {
  const seat = await seatOf(await scene.enter({}, { from: "127.5.6.1" }));
  const odd: Record<string, [string, ...unknown[]]> = {
    empty: ["", 404],
    "a space": ["%20", 401],
    NUL: ["%00", 401],
    "NUL behind it": [`${seat.token}%00`, 401],
    "an escape that is none": [`${seat.token}%`, 404],
    "an escape that is no UTF-8": ["%ff", 404],
    "escaped slashes": ["..%2f..%2fetc", 401],
    dots: [".".repeat(200), 401],
    "3 kB": ["A".repeat(3_000), 401],
    "15 kB": ["A".repeat(15_000), 401],
    "17 kB": ["A".repeat(17_000), 431, 1006],
    "another alphabet": [encodeURIComponent("ж".repeat(200)), 401],
    "three segments": [`a/${seat.token}`, 404],
  };
  for (const [name, [token, ...expected]] of Object.entries(odd)) {
    expect(expected, name).toContain(await knock({ ...seat, token }, "127.5.6.2"));
  }
});

it("[AT20] no token brings back a finished room", async () => {
  const player = await scene.enter({}, { from: "127.5.7.1" });
  const seat = await seatOf(player);
  const unused = await seatOf(player, { t: "join", room: { roomId: seat.roomId } });
  const forge = await createForge(scene.frontrow, seat.server);
  const line = scene.dialSeat(seat, { from: "127.5.7.1" });
  expect(await joined(line)).toBe(true);
  line.send(Buffer.from([13, 0xa6, ...Buffer.from("finish")]));
  await line.ended();
  const tokens = [
    seat.token,
    unused.token,
    forge(seat.token, { gen: 9 }),
    forge(seat.token, { ticket: "x:y", sid: "abcdefghijkl" }),
  ];
  for (const token of tokens) {
    expect(await knock({ ...seat, token }, "127.5.7.2")).toBe(ROOM_FINISHED.close);
  }
  expect(await player.wish({ t: "join", room: { roomId: seat.roomId } })).toMatchObject({ t: "error" });
});

it("[AT20] first tokens of a room that are shown at once make one room", async () => {
  const players = await Promise.all([1, 2, 3, 4].map((at) => scene.enter({}, { from: `127.5.8.${at}` })));
  const first = await seatOf(players[0]!);
  const others = players.slice(1).map((player) => seatOf(player, { t: "join", room: { roomId: first.roomId } }));
  const lines = [first, ...(await Promise.all(others))].map((seat) => scene.dialSeat(seat, { from: "127.5.8.9" }));
  expect(await Promise.all(lines.map(outcomeOf))).toEqual(["sat", "sat", "sat", "sat"]);
  const [oldest] = lines;
  oldest!.send(Buffer.from([13, 0xa5, ...Buffer.from("count")]));
  const counted = () => oldest!.heard.findLast((frame) => frame.includes("count"))?.at(-1);
  await expect.poll(counted).toBe(4);
});

it("[AT30] afterwards every process answers, none threw, and no log holds a secret", async () => {
  expect(await scene.frontrow.problems()).toEqual([]);
});
