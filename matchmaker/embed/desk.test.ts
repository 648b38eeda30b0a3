import { randomBytes } from "node:crypto";
import { createMemoryLobby } from "@frontrow/lobby/memory/memory.ts";
import { match } from "@frontrow/shared/config/match-mode.ts";
import { refusal } from "@frontrow/shared/errors.ts";
import { signRegistration } from "@frontrow/shared/identity/registration.ts";
import { generateSigningKey, signingKeyFrom } from "@frontrow/shared/identity/signed.ts";
import { resolveLimits } from "@frontrow/shared/limits.ts";
import { deriveSeatKey, generateSeatKey, publicHalf, verifySeat } from "@frontrow/shared/seat-token.ts";
import { createSystemClock } from "@frontrow/shared/system-clock.ts";
import { expect, it, vi } from "vitest";
import { createMetro } from "../metro.ts";
import { createMemoryRatings } from "../rating/memory/memory.ts";
import { createDesk } from "./desk.ts";
import type { TicketEnd } from "./desk-ticket.ts";
import { createMatchmaker } from "./matchmaker.ts";

const limits = resolveLimits();
const modes = { duel: match({ teams: [{ seats: 1 }, { seats: 1 }], holdMs: 0 }) };
const issuer = generateSeatKey();
const fleet = generateSigningKey();

/** A game server that only exists in the index; the key with which its seats are read. */
async function addServer(lobby: ReturnType<typeof createMemoryLobby>) {
  const seatKey = generateSeatKey();
  const where = { metro: "fra", server: "7", boot: "boot7", publicAddress: "play.example.com/7", secure: true };
  const registration = signRegistration({ ...where, seatKey: seatKey.publicKey }, signingKeyFrom(fleet.privateText));
  const { server, boot } = where;
  await lobby.leases.register({ server, boot, registration, modes: ["duel"], compats: ["any"], seatsMax: 100 });
  const nothing = { rooms: [], sat: [], left: [], retire: [], gone: [] };
  await lobby.leases.heartbeat({ server, boot, seq: 1, load: 0, complete: true, ...nothing });
  return deriveSeatKey(seatKey.privateText, publicHalf(issuer.privateText), server, boot);
}

it("[EM12] with game servers of Frontrow each player's connection is a seat there, and a pause holds for the whole metro", async () => {
  const lobby = createMemoryLobby({ metro: "fra", limits });
  const key = await addServer(lobby);
  await using mm = createMatchmaker({
    modes,
    metro: "fra",
    gameServers: { lobby, issuerKey: issuer.privateText, fleetKeys: [fleet.publicKey] },
  });
  const ada = mm.submit({ mode: "duel", players: [{ id: "ada" }] });
  mm.submit({ mode: "duel", players: [{ id: "bob" }] });
  const { id, teams } = await ada.matched;
  for (const { id: player, connection } of teams.flat()) {
    const claims = verifySeat(connection.token, limits.seatTokenBytes, [key]);
    expect(claims).toMatchObject({ player, guest: false, match: id, room: connection.roomId, metro: "fra" });
  }
  expect(new Set(teams.flat().map(({ connection }) => connection.roomId)).size).toBe(1);
  await mm.setPaused("duel", true);
  expect(await lobby.index.isPaused("mode:duel")).toBe(true);
  await lobby.close();
});

/** A desk beside the edges of a metro. */
function setUp() {
  const lobby = createMemoryLobby({ metro: "fra", limits });
  const clock = createSystemClock();
  const metro = createMetro({
    metro: "fra",
    modes,
    lobby,
    limits,
    issuerKey: issuer.privateText,
    fleetKeys: [],
    verifyPlayer: async (playerId) => ({ playerId }),
    guests: false,
    replica: "mm-1",
    ratings: createMemoryRatings(),
    clock,
    soon: setImmediate,
    nowMs: Date.now,
    random: randomBytes,
    observe: () => {},
  });
  const desk = createDesk({
    modes,
    compats: undefined,
    metro: "fra",
    anyMetro: false,
    limits,
    matches: metro.matches,
    replica: "mm-1",
    clock,
    sessions: lobby.sessions,
    newTicketId: () => randomBytes(8).toString("hex"),
  });
  const superseded: string[] = [];
  const edge = metro.connect({ superseded: (sid) => void superseded.push(sid), tell: () => {}, replicas: () => {} });
  const close = async () => {
    desk.close(refusal("CANCELLED"));
    edge.close();
    await metro.close();
    await lobby.close();
  };
  return { desk, edge, superseded, close };
}

it("[HA27] a ticket over HTTP is a session of its player: the newest wins, whoever comes first", async () => {
  const { desk, edge, superseded, close } = setUp();
  await edge.openSession({ sid: "older", jwt: "ada" });
  const ends: TicketEnd[] = [];
  const told = { changed: () => {}, ended: (_: unknown, end: TicketEnd) => void ends.push(end) };
  desk.submit({ mode: "duel", players: [{ id: "ada" }] }, told);
  await vi.waitFor(() => expect(superseded).toEqual(["older"]));
  expect(ends).toEqual([]);
  await edge.openSession({ sid: "newer", jwt: "ada" });
  await vi.waitFor(() => expect(ends).toMatchObject([{ ok: false, refusal: { code: "SUPERSEDED" } }]));
  expect([desk.size, superseded]).toEqual([0, ["older"]]);
  await close();
});
