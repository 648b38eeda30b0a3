/**
 * Somebody writes to Redis: servers that nobody signed, or that were signed as something else, offer themselves as the emptiest
 * of all, with open rooms. No player is sent there; those who play meanwhile get their seats on the true server.
 */
import { createRedisLobby } from "@frontrow/lobby/redis/redis.ts";
import { devKeys } from "@frontrow/shared/config/dev-keys.ts";
import {
  type Registration,
  type SignedRegistration,
  signRegistration,
} from "@frontrow/shared/identity/registration.ts";
import { generateSigningKey, signingKeyFrom } from "@frontrow/shared/identity/signed.ts";
import { resolveLimits } from "@frontrow/shared/limits.ts";
import { generateSeatKey } from "@frontrow/shared/seat-token.ts";
import { Redis } from "ioredis";
import { describe, expect, it, vi } from "vitest";
import { outcomeOf } from "./tools/player.ts";
import { fleetScene } from "./tools/scene.ts";

const scene = fleetScene();
const fleet = signingKeyFrom(devKeys.fleet.privateText);
const stranger = signingKeyFrom(generateSigningKey().privateText);
const EVIL = "127.13.9.9:666";

const registrationOf = (server: string, over: Partial<Registration> = {}): Registration => ({
  metro: "fra",
  server,
  boot: "boot",
  publicAddress: EVIL,
  secure: false,
  seatKey: generateSeatKey().publicKey,
  ...over,
});

/** Under the id `server` and the boot "boot", from what the true server has signed. */
const forgeries: Record<string, (server: string, honest: SignedRegistration) => SignedRegistration> = {
  "nobody signed": (server) => signRegistration(registrationOf(server), undefined),
  "another key signed": (server) => signRegistration(registrationOf(server), stranger),
  "another key signed in the fleet's name": (server) => ({
    ...signRegistration(registrationOf(server), stranger),
    key: fleet.publicKey,
  }),
  "was signed for another server": (_, honest) => honest,
  "was signed for another address": (server, honest) => {
    const { boot, ...truth } = JSON.parse(honest.text) as Registration;
    return { ...honest, text: JSON.stringify({ ...truth, boot: "boot", server, publicAddress: EVIL }) };
  },
  "was signed for another boot": (server) => signRegistration(registrationOf(server, { boot: "before" }), fleet),
  "was signed for another metro": (server) => signRegistration(registrationOf(server, { metro: "ams" }), fleet),
  "was signed as something else": (server) => {
    const text = JSON.stringify(registrationOf(server));
    return { text, key: fleet.publicKey, signature: fleet.sign(`frontrow-link-v1\n${text}`) };
  },
  "is no registration, though signed": () => {
    const text = '{"__proto__":{"metro":"fra"}}';
    return { text, key: fleet.publicKey, signature: fleet.sign(`frontrow-server-v1\n${text}`) };
  },
};

/** Keeps a forged server alive and attractive, until the returned function is called. */
async function offer(
  servers: readonly string[],
  forge: (server: string, honest: SignedRegistration) => SignedRegistration,
) {
  const lobby = createRedisLobby({ metro: "fra", limits: resolveLimits(), redis: scene.frontrow.redis.target });
  const honest = await vi.waitUntil(() => lobby.index.registration("1").catch(() => undefined));
  let seq = 1;
  const beat = async (server: string) => {
    const roomId = `fra_${server}_lured1`;
    const room = {
      roomId,
      mode: "arena",
      compat: "any",
      capacity: 16,
      seated: 15,
      locked: false,
      private: false,
      code: "",
    };
    const rooms = [{ ...room, metadata: "{}" }];
    const nothing = { sat: [], left: [], retire: [], gone: [] };
    await lobby.leases.heartbeat({ server, boot: "boot", seq: ++seq, load: 0, rooms, complete: true, ...nothing });
  };
  for (const server of servers) {
    const registration = forge(server, honest);
    const capacity = { modes: ["arena", "skirmish"], compats: ["any"], seatsMax: 1_000 };
    await lobby.leases.register({ server, boot: "boot", registration, ...capacity });
    await beat(server);
  }
  const timer = setInterval(() => {
    for (const server of servers) beat(server).catch(() => {});
  }, 500);
  return async () => {
    clearInterval(timer);
    for (const server of servers) await lobby.leases.drain(server, "boot").catch(() => {});
    await lobby.close();
  };
}

const refusedSoFar = () =>
  scene.frontrow.member("matchmaker").metric("frontrow_matchmaker_registrations_refused_total");

/** Plays in both ways; every seat is the true server's, and opens. */
async function playBeside(from: string): Promise<void> {
  const player = await scene.enter({}, { from });
  const { port } = scene.frontrow.member("game-server 1");
  for (const request of [
    { t: "play", mode: "arena" },
    { t: "create", mode: "skirmish", private: false },
    { t: "create", mode: "arena", private: true },
  ]) {
    const seat = await player.wish(request);
    expect(seat).toMatchObject({ roomId: expect.stringMatching(/^fra_1_/), publicAddress: `:${port}` });
    if ("token" in seat) expect(await outcomeOf(scene.dialSeat(seat, { from }))).toBe("sat");
  }
}

describe("a forged server gets no player", () => {
  it.each(Object.entries(forgeries).map(([name, forge], at) => ({ name, forge, at })))(
    "[AT31] whose registration $name",
    async ({ forge, at }) => {
      const before = await refusedSoFar();
      const stop = await offer([`evil${at}`], forge);
      await playBeside(`127.13.0.${1 + at}`).finally(stop);
      expect(await refusedSoFar()).toBeGreaterThan(before);
    },
  );

  it("[AT31] nor do five at once, more than a wish looks past in one go", async () => {
    const stop = await offer(["a1", "a2", "a3", "a4", "a5"], forgeries["nobody signed"]!);
    await playBeside("127.13.1.1").finally(stop);
  });
});

it("[AT31] a true server whose address is altered by hand sends nobody elsewhere", async () => {
  const redis = new Redis(scene.frontrow.redis.url);
  const key = "{fra}:server:1";
  const honest = (await redis.hget(key, "text"))!;
  await redis.hset(key, "text", JSON.stringify({ ...JSON.parse(honest), publicAddress: EVIL }));
  try {
    await playBeside("127.13.2.1");
  } finally {
    await redis.hset(key, "text", honest);
    redis.disconnect();
  }
});

it("[AT31] a room that is written by hand leads to no server but the one that its id names, and makes nobody else's room", async () => {
  const stop = await offer(["b1"], forgeries["nobody signed"]!);
  const player = await scene.enter({}, { from: "127.13.3.1" });
  expect(await player.wish({ t: "join", room: { roomId: "fra_b1_lured1" } })).not.toHaveProperty("token");
  await stop();
});

it("[AT30] afterwards every process answers, none threw, and no log holds a secret", async () => {
  expect(await scene.frontrow.problems()).toEqual([]);
});
