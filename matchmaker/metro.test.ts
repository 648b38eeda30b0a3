import { randomBytes } from "node:crypto";
import type { Lobby } from "@frontrow/lobby/lobby.ts";
import { createMemoryLobby } from "@frontrow/lobby/memory/memory.ts";
import { fill } from "@frontrow/shared/config/modes.ts";
import { FrontrowError } from "@frontrow/shared/errors.ts";
import { signRegistration } from "@frontrow/shared/identity/registration.ts";
import { generateSigningKey, type SigningKey, signingKeyFrom } from "@frontrow/shared/identity/signed.ts";
import { resolveLimits } from "@frontrow/shared/limits.ts";
import type { Target } from "@frontrow/shared/protocol/words.ts";
import { deriveSeatKey, generateSeatKey, publicHalf, verifySeat } from "@frontrow/shared/seat-token.ts";
import { createSystemClock } from "@frontrow/shared/system-clock.ts";
import { describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { createMetro, type MetroEvent, type MetroOptions } from "./metro.ts";
import { createMemoryRatings } from "./rating/memory/memory.ts";

const limits = resolveLimits();
const issuer = generateSeatKey();
const fleet = generateSigningKey();
const fleetKey = signingKeyFrom(fleet.privateText);
const rtt = { minMs: 3, jitterMs: 0, loss: 0, samples: 5, verified: true };
const modes = {
  arena: fill({ seats: 2, options: z.object({ name: z.string().max(8).optional() }) }),
  race: fill({ seats: 4 }),
};

/** A metro with game servers that only exist in its index. */
async function metroWith(overrides: Partial<MetroOptions> = {}) {
  const lobby = createMemoryLobby({ metro: "fra", limits });
  const events: MetroEvent[] = [];
  const metro = createMetro({
    metro: "fra",
    modes,
    lobby,
    limits,
    issuerKey: issuer.privateText,
    fleetKeys: [fleet.publicKey],
    verifyPlayer: async (jwt) => {
      if (!jwt.startsWith("signed:")) throw new FrontrowError("AUTH_INVALID");
      return { playerId: jwt.slice(7) };
    },
    guests: true,
    replica: "fra-1",
    ratings: createMemoryRatings(),
    clock: createSystemClock(),
    soon: setImmediate,
    nowMs: Date.now,
    random: randomBytes,
    observe: (event) => void events.push(event),
    ...overrides,
  });
  return { metro, lobby, events };
}

async function addServer(lobby: Lobby, server: string, key: SigningKey | undefined = fleetKey) {
  const seatKey = generateSeatKey();
  const boot = `boot${server}`;
  const registration = signRegistration(
    {
      metro: "fra",
      server,
      boot,
      publicAddress: `play.example.com/${server}`,
      secure: true,
      seatKey: seatKey.publicKey,
    },
    key,
  );
  await lobby.leases.register({
    server,
    boot,
    registration,
    modes: ["arena", "race"],
    compats: ["any"],
    seatsMax: 100,
  });
  await lobby.leases.heartbeat({
    server,
    boot,
    seq: 1,
    load: 0,
    rooms: [],
    complete: true,
    sat: [],
    left: [],
    retire: [],
    gone: [],
  });
  return deriveSeatKey(seatKey.privateText, publicHalf(issuer.privateText), server, boot);
}

const best: Target = { kind: "best", mode: "arena" };
function asking({ metro }: Awaited<ReturnType<typeof metroWith>>) {
  const superseded: string[] = [];
  const edge = metro.connect({ superseded: (sid) => void superseded.push(sid), tell: () => {}, replicas: () => {} });
  const place = (sid: string, ticket = "t", target: Target = best, options = {}) =>
    edge.place({ sid, ticket, target, compat: "any", options, rtt });
  return { edge, place, superseded };
}
const guest = (sid: string) => ({ sid, guest: `guest_${sid.padEnd(10, "x")}` });
const refusedWith = (code: string) => expect.objectContaining({ refusal: expect.objectContaining({ code }) });

describe("placing", () => {
  it("[PL1] the token names what was reserved, and only the server's boot can check it", async () => {
    const made = await metroWith();
    const key = await addServer(made.lobby, "7");
    const { edge, place } = asking(made);
    await edge.openSession(guest("a"));
    const seat = await place("a", "t", best, { name: "Ada" });
    expect(seat.roomId).toMatch(/^fra_7_/);
    expect(seat).toMatchObject({ publicAddress: "play.example.com/7", secure: true, generation: 1, mode: "arena" });
    const claims = verifySeat(seat.token, limits.seatTokenBytes, [key]);
    expect(claims).toMatchObject({
      server: "7",
      boot: "boot7",
      room: seat.roomId,
      sid: seat.sessionId,
      guest: true,
      options: { name: "Ada" },
      rtt,
    });
    expect(verifySeat(seat.token, limits.seatTokenBytes, [await addServer(made.lobby, "8")])).toBeUndefined();
  });

  it("[PL2] a server that nobody signed is passed over for one that is", async () => {
    const made = await metroWith();
    const forger = signingKeyFrom(generateSigningKey().privateText);
    await addServer(made.lobby, "evil", forger);
    const { edge, place } = asking(made);
    await edge.openSession(guest("a"));
    await expect(place("a")).rejects.toEqual(refusedWith("NO_CAPACITY"));
    expect(made.events).toContainEqual({ kind: "server-distrusted", server: "evil" });
    await addServer(made.lobby, "good");
    expect((await place("a", "t2")).roomId).toMatch(/^fra_good_/);
  });

  it("[PL3] a token expires before its hold", async () => {
    const made = await metroWith();
    const key = await addServer(made.lobby, "7");
    const { edge, place } = asking(made);
    await edge.openSession(guest("a"));
    const before = Date.now();
    const claims = verifySeat((await place("a")).token, limits.seatTokenBytes, [key]);
    expect(claims!.exp).toBeLessThanOrEqual(Date.now() + limits.seatTokenMs);
    expect(claims!.exp).toBeLessThan(before + limits.seatHoldMs);
  });

  it("[PL4] asking again is the same seat one generation up, for the same player only", async () => {
    const made = await metroWith();
    await addServer(made.lobby, "7");
    const { edge, place } = asking(made);
    await edge.openSession(guest("a"));
    await edge.openSession(guest("b"));
    const first = await place("a");
    const again = await place("a");
    expect(again).toMatchObject({ roomId: first.roomId, sessionId: first.sessionId, generation: 2 });
    expect((await place("b")).sessionId).not.toBe(first.sessionId);
  });

  it("[PL5] wrong options are refused with their issues and hold nothing", async () => {
    const made = await metroWith();
    await addServer(made.lobby, "7");
    const { edge, place } = asking(made);
    await edge.openSession(guest("a"));
    await expect(place("a", "t", best, { name: "far too long a name" })).rejects.toMatchObject({
      refusal: { code: "INVALID_ATTRIBUTES", issues: [expect.stringContaining("name:")] },
    });
    await expect(place("a", "t", best, { name: "x", big: "y".repeat(600) })).rejects.toEqual(
      refusedWith("INVALID_ATTRIBUTES"),
    );
    const seat = await place("a", "own", { kind: "new", mode: "arena", private: true });
    const byCode: Target = { kind: "code", code: seat.code! };
    await edge.openSession(guest("b"));
    await expect(place("b", "t", byCode, { name: 7 })).rejects.toEqual(refusedWith("INVALID_ATTRIBUTES"));
    await expect(place("b", "t", byCode)).resolves.toMatchObject({ roomId: seat.roomId });
  });

  it("[PL5] options that only the mode's own defaults make too large are refused, and hold nothing", async () => {
    const grown = z.object({ bio: z.string().default("x".repeat(600)) });
    const made = await metroWith({ modes: { arena: fill({ seats: 1, options: grown }) } });
    await addServer(made.lobby, "7");
    const { edge, place } = asking(made);
    await edge.openSession(guest("a"));
    await expect(place("a")).rejects.toEqual(refusedWith("INVALID_ATTRIBUTES"));
    await expect(place("a", "t", best, { bio: "short" })).resolves.toBeDefined();
  });

  it("[PL5] a token that no link would carry is refused, and its seat is free again", async () => {
    // As after a new claim that nobody measured: a config with such limits is refused.
    const made = await metroWith({ limits: { ...limits, seatTokenBytes: 900 }, modes: { arena: fill({ seats: 1 }) } });
    await addServer(made.lobby, "7");
    const release = vi.spyOn(made.lobby.index, "release");
    const { edge, place } = asking(made);
    await edge.openSession(guest("a"));
    await expect(place("a", "t", best, { big: "y".repeat(500) })).rejects.toEqual(refusedWith("INVALID_ATTRIBUTES"));
    expect(release).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(/:t$/));
    await expect(place("a", "t2")).resolves.toBeDefined();
  });

  it("[PL6] each way in which there is no place has its code", async () => {
    const made = await metroWith();
    const { edge, place } = asking(made);
    await edge.openSession(guest("a"));
    await expect(place("a")).rejects.toEqual(refusedWith("NO_CAPACITY"));
    await addServer(made.lobby, "7");
    await expect(place("a", "t", { kind: "room", roomId: "fra_7_nosuchroom" })).rejects.toEqual(
      refusedWith("ROOM_NOT_FOUND"),
    );
    await expect(place("a", "t", { kind: "code", code: "FRA-00000000" })).rejects.toEqual(refusedWith("CODE_UNKNOWN"));
    await expect(place("a", "t", { kind: "best", mode: "arenaa" })).rejects.toMatchObject({
      message: expect.stringContaining('"arena"'),
    });
    await made.lobby.index.setPaused("mode:arena", true);
    await expect(place("a")).rejects.toEqual(refusedWith("MODE_PAUSED"));
    await expect(place("a", "t", { kind: "best", mode: "race" })).resolves.toBeDefined();
    await made.lobby.index.setPaused("mode:arena", false);
    const { roomId } = await place("a", "1");
    await place("a", "2");
    await expect(place("a", "3", { kind: "room", roomId })).rejects.toEqual(refusedWith("ROOM_FULL"));
  });

  it("[PL8] a room is located with its mode and its server's address, one that is not there is not found", async () => {
    const made = await metroWith();
    await addServer(made.lobby, "7");
    const { edge, place } = asking(made);
    await edge.openSession(guest("a"));
    const { roomId } = await place("a", "t", { kind: "new", mode: "race", private: true });
    const place7 = { mode: "race", publicAddress: "play.example.com/7", secure: true };
    expect(await edge.locate(roomId)).toEqual(place7);
    await expect(edge.locate("fra_7_abcdef")).rejects.toEqual(refusedWith("ROOM_NOT_FOUND"));
    await expect(edge.locate(roomId.replace("fra", "ams"))).rejects.toEqual(refusedWith("ROOM_NOT_FOUND"));
  });

  it("[PL6] a place in an open room is refused with the mode's name where none is open", async () => {
    const made = await metroWith();
    await addServer(made.lobby, "7");
    const { edge, place } = asking(made);
    await edge.openSession(guest("a"));
    const open: Target = { kind: "open", mode: "race" };
    await expect(place("a", "t1", open)).rejects.toEqual(refusedWith("ROOM_NOT_FOUND"));
    await expect(place("a", "t1", open)).rejects.toThrow('None of the mode "race" is open.');
    const { roomId } = await place("a", "t2", { kind: "best", mode: "race" });
    expect((await place("a", "t3", open)).roomId).toBe(roomId);
  });

  it("[PL7] a private room is found by its code, however a person types it, and by nobody else", async () => {
    const made = await metroWith();
    await addServer(made.lobby, "7");
    const { edge, place } = asking(made);
    await edge.openSession(guest("a"));
    const { code, roomId } = await place("a", "own", { kind: "new", mode: "arena", private: true });
    expect(code).toMatch(/^FRA-[0-9A-HJKMNP-TV-Z]{8}$/);
    await edge.openSession(guest("b"));
    const typed = code!.toLowerCase().replace("-", " ").replaceAll("0", "o").replaceAll("1", "l");
    await expect(place("b", "t", { kind: "code", code: typed })).resolves.toMatchObject({ roomId, code });
    await edge.openSession(guest("c"));
    expect((await place("c")).roomId).not.toBe(roomId);
  });
});

describe("sessions", () => {
  it("[SN1] an edge cannot invent a player", async () => {
    const { edge, place } = asking(await metroWith());
    await expect(edge.openSession({ sid: "a", jwt: "forged" })).rejects.toEqual(refusedWith("AUTH_INVALID"));
    await expect(edge.openSession({ sid: "b", guest: "alice" })).rejects.toEqual(refusedWith("AUTH_INVALID"));
    await expect(place("a")).rejects.toEqual(refusedWith("AUTH_INVALID"));
    await expect(place("never-opened")).rejects.toEqual(refusedWith("AUTH_REQUIRED"));
  });

  it("[SN1] where guests are not allowed a guest is refused", async () => {
    const { edge } = asking(await metroWith({ guests: false }));
    await expect(edge.openSession(guest("a"))).rejects.toEqual(refusedWith("AUTH_REQUIRED"));
  });

  it("[SN2] the older session of a player is told, on whichever edge it is", async () => {
    const made = await metroWith();
    await addServer(made.lobby, "7");
    const one = asking(made);
    const other = asking(made);
    const first = await one.edge.openSession({ sid: "one", jwt: "signed:alice" });
    const second = await other.edge.openSession({ sid: "two", jwt: "signed:alice" });
    expect(second.generation).toBeGreaterThan(first.generation);
    await vi.waitFor(() => expect(one.superseded).toEqual(["one"]));
    expect(other.superseded).toEqual([]);
    await expect(one.place("one")).rejects.toEqual(refusedWith("AUTH_REQUIRED"));
    await expect(other.place("two")).resolves.toBeDefined();
  });

  it("[SN2] a session that ends after it was superseded does not end the newer one's record", async () => {
    const made = await metroWith();
    const one = asking(made);
    await one.edge.openSession({ sid: "one", jwt: "signed:alice" });
    const second = await one.edge.openSession({ sid: "two", jwt: "signed:alice" });
    one.edge.closeSession("one");
    const third = await one.edge.openSession({ sid: "three", jwt: "signed:alice" });
    expect(third.generation).toBeGreaterThan(second.generation);
    await vi.waitFor(() => expect(one.superseded).toEqual(["one", "two"]));
  });

  it("[SN2] a record is claimed again while its session is open, so that a later one elsewhere finds it", async () => {
    const made = await metroWith({ limits: { ...limits, sessionForgottenMs: 300 } });
    const claim = vi.spyOn(made.lobby.sessions, "claim");
    const { edge } = asking(made);
    await edge.openSession({ sid: "one", jwt: "signed:alice" });
    await vi.waitFor(() => expect(claim.mock.calls.length).toBeGreaterThan(3), { timeout: 3_000 });
    edge.closeSession("one");
  });

  it("[SN3] a record that cannot be claimed delays nobody, and is claimed later", async () => {
    const made = await metroWith();
    await addServer(made.lobby, "7");
    const claim = vi.spyOn(made.lobby.sessions, "claim").mockRejectedValueOnce(new FrontrowError("INDEX_AWAY"));
    const { edge, place } = asking(made);
    await edge.openSession({ sid: "one", jwt: "signed:alice" });
    await expect(place("one")).resolves.toBeDefined();
    await vi.waitFor(() => expect(claim).toHaveBeenCalledTimes(2), { timeout: 2_000 });
  });

  it("[SN2] an older session that is said again, after its link was away, does not end the newer one", async () => {
    const made = await metroWith();
    await addServer(made.lobby, "7");
    const one = asking(made);
    const other = asking(made);
    await other.edge.openSession({ sid: "newer", jwt: "signed:alice", ageMs: 1_000 });
    await one.edge.openSession({ sid: "older", jwt: "signed:alice", ageMs: 60_000 });
    await vi.waitFor(() => expect(one.superseded).toEqual(["older"]));
    expect(other.superseded).toEqual([]);
    await expect(other.place("newer")).resolves.toBeDefined();
  });

  it("[SN4] a seat on its way to a superseded session is given back", async () => {
    const made = await metroWith();
    await addServer(made.lobby, "7");
    const { edge, place } = asking(made);
    await edge.openSession({ sid: "one", jwt: "signed:alice" });
    const reserve = made.lobby.index.reserve;
    vi.spyOn(made.lobby.index, "reserve").mockImplementationOnce(async (reservation) => {
      const reply = await reserve.call(made.lobby.index, reservation);
      await edge.openSession({ sid: "two", jwt: "signed:alice" });
      return reply;
    });
    const released = vi.spyOn(made.lobby.index, "release");
    await expect(place("one", "mine")).rejects.toEqual(refusedWith("SUPERSEDED"));
    expect(released).toHaveBeenCalledWith("alice:mine");
  });

  it("[SN5] an edge's session is not another edge's", async () => {
    const made = await metroWith();
    await addServer(made.lobby, "7");
    await asking(made).edge.openSession(guest("a"));
    await expect(asking(made).place("a")).rejects.toEqual(refusedWith("AUTH_REQUIRED"));
  });
});
