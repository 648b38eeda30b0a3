/** Who asks too often, and who pretends to be many: limits by address, forwarding headers, churn, guessed codes. */
import { errorCatalogue } from "@frontrow/shared/errors.ts";
import { describe, expect, it } from "vitest";
import { ask } from "./tools/ask.ts";
import { heardBy, joined } from "./tools/player.ts";
import { fleetScene } from "./tools/scene.ts";

const PER_SECOND = 5;
/** Rates are averaged over ten seconds. */
const IN_A_WINDOW = PER_SECOND * 10;
const FLOOD = 3 * IN_A_WINDOW;

const scene = fleetScene({
  limits: { requestsPerAddressPerSecond: PER_SECOND, playsPerPlayerPerSecond: 4, reconnectionMs: 500 },
});

/** What a client can say of where it comes from; `at` makes each time another address. */
const forwarded = (at: number) => ({
  "x-forwarded-for": `203.0.113.${at % 250}, 198.51.100.${at % 250}`,
  "x-real-ip": `203.0.113.${at % 250}`,
  forwarded: `for=203.0.113.${at % 250};proto=https`,
  "cf-connecting-ip": `203.0.113.${at % 250}`,
  "true-client-ip": `203.0.113.${at % 250}`,
  "x-client-ip": `203.0.113.${at % 250}`,
  "x-forwarded-host": "evil.example.com",
});
const many = <T>(count: number, one: (at: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, at) => one(at)));
const count = <T>(values: readonly T[], value: T) => values.filter((each) => each === value).length;

const rooms = (from: string, headers = {}) => ask(`${scene.url}/v1/rooms?mode=arena`, { from, headers });

async function hello(from: string, headers = {}): Promise<string> {
  const line = scene.dial(`${scene.url}/v1/ws`, { protocols: ["frontrow.v1.json"], from, headers });
  if (!(await line.opened())) return JSON.parse(line.ending!.body!).code;
  line.send(JSON.stringify({ t: "hello", v: 1 }));
  await expect.poll(() => line.heard.length, { timeout: 10_000, interval: 5 }).toBeGreaterThan(0);
  const [first] = heardBy(line);
  if (first?.t !== "error") return "welcome";
  expect((await line.ended()).code).toBe(errorCatalogue[first.code].close);
  return first.code;
}

describe("forwarding headers of a peer that is no proxy", () => {
  it("[AT25] do not make one address many, over HTTP", async () => {
    const answers = await many(FLOOD, (at) => rooms("127.10.0.1", forwarded(at)));
    const codes = answers.map(({ status, json }) => (status === 200 ? "served" : json.code));
    expect(new Set(codes)).toEqual(new Set(["served", "RATE_LIMITED"]));
    expect(count(codes, "served")).toBeGreaterThanOrEqual(IN_A_WINDOW);
    const limited = answers.find(({ status }) => status === 429)!;
    expect(Number(limited.headers["retry-after"])).toBeGreaterThan(0);
    expect(limited.json).toMatchObject({ retryable: true, retryAfterMs: expect.any(Number) });
    // Nor do they use up what somebody else may ask.
    expect((await rooms("127.10.0.2", { "x-forwarded-for": "127.10.0.1" })).status).toBe(200);
  });

  it("[AT25] do not make one address many, on the edge's socket", async () => {
    const codes = await many(FLOOD, (at) => hello("127.10.1.1", forwarded(at)));
    expect(new Set(codes)).toEqual(new Set(["welcome", "RATE_LIMITED"]));
    expect(count(codes, "welcome")).toBeGreaterThanOrEqual(IN_A_WINDOW);
    expect(await hello("127.10.1.2")).toBe("welcome");
  });

  it("[AT25] do not make one address many, at the game's door", async () => {
    const { url } = scene.frontrow.member("game-server 1");
    const knock = async (from: string, headers = {}) =>
      (await scene.dial(`${url}/token/room`, { from, headers }).ended(10_000)).status;
    const statuses = await many(FLOOD, (at) => knock("127.10.2.1", forwarded(at)));
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
    expect(count(statuses, 429)).toBeGreaterThan(0);
    expect(await knock("127.10.2.2")).toBe(401);
  });
});

describe("floods", () => {
  it("[AT26] sockets that say nothing are limited by address when they open, on every door; others are served", async () => {
    const doors = { "/v1/ws": "frontrow.v1", "/": undefined };
    for (const [at, [path, protocol]] of Object.entries(doors).entries()) {
      const from = `127.10.3.${1 + at}`;
      const lines = Array.from({ length: 2 * FLOOD }, () =>
        scene.dial(`${scene.url}${path}`, { from, protocols: protocol ? [protocol] : [] }),
      );
      const opened = await Promise.all(lines.map((line) => line.opened()));
      const refused = lines.filter((_, index) => !opened[index]);
      expect(refused.length, path).toBeGreaterThan(0);
      expect(new Set(refused.map((line) => line.ending?.status)), path).toEqual(new Set([429]));
      expect(JSON.parse(refused[0]!.ending!.body!), path).toMatchObject({ code: "RATE_LIMITED" });
      expect(await hello("127.10.3.9"), path).toBe("welcome");
    }
  });

  it("[AT26] connections that come and go in every stage leave nothing behind", async () => {
    const edge = scene.frontrow.member("edge");
    await many(120, async (at) => {
      const line = scene.dial(`${scene.url}/v1/ws`, {
        protocols: ["frontrow.v1.json"],
        from: `127.10.4.${1 + (at % 6)}`,
      });
      if (at % 4 === 0) return line.socket.terminate();
      await line.opened();
      if (at % 4 > 1) line.send(JSON.stringify({ t: "hello", v: 1 }));
      if (at % 4 > 2) line.send(JSON.stringify({ t: "play", id: "a", mode: "arena" }));
      line.socket.terminate();
    });
    const sessions = async () => [
      await edge.metric("frontrow_edge_sessions"),
      await scene.frontrow.member("matchmaker").metric("frontrow_matchmaker_sessions"),
    ];
    await expect.poll(sessions, { timeout: 10_000 }).toEqual([1, 1]);
  });

  it("[AT26] players that leave while they are seated leave no seat behind", async () => {
    const player = await scene.enter({}, { from: "127.10.5.1" });
    const seats = () => scene.frontrow.member("game-server 1").metric("frontrow_game_server_seats");
    for (let at = 0; at < 12; at++) {
      const line = scene.dialSeat(await player.seat("skirmish"), { from: "127.10.5.2" });
      if (at % 3 === 0) await line.opened();
      if (at % 3 === 1) await joined(line).then(() => line.send(Buffer.from([12])));
      if (at % 3 === 2) line.send(Buffer.from([12]));
      line.socket.terminate();
    }
    // The neighbour's alone, once the places of those who dropped are kept no longer.
    await expect.poll(seats, { timeout: 10_000 }).toBe(1);
  });

  it("[AT14] messages and wishes of one player are limited, with when to come back", async () => {
    const eager = await scene.enter({}, { from: "127.10.6.1" });
    for (let at = 0; at < 100; at++) eager.say({ t: "play", id: `w${at}`, mode: "arena" });
    const limited = await eager.hear("error", ({ code }) => code === "RATE_LIMITED");
    expect(limited).toMatchObject({ id: expect.stringMatching(/^w/), retryable: true });
    expect(limited.retryAfterMs).toBeGreaterThan(0);
    const flooding = await scene.enter({}, { from: "127.10.6.2" });
    for (let at = 0; at < 10_000; at++) flooding.say({ t: "cancel", id: "none" });
    expect(await flooding.line.ended()).toEqual({ code: errorCatalogue.RATE_LIMITED.close, reason: "RATE_LIMITED" });
  });
});

describe("room codes", () => {
  it("[AT27] ten wrong ones a minute from an address, however many sockets ask at once; others may still join", async () => {
    const host = await scene.enter({}, { from: "127.10.7.1" });
    const room = await host.wish({ t: "create", mode: "skirmish", private: true });
    const code = "code" in room && "token" in room ? room.code : undefined;
    expect(code).toMatch(/^FRA-/);
    const guessers = await many(40, () => scene.enter({}, { from: "127.10.7.2" }));
    const answers = await Promise.all(
      guessers.map((guesser, at) => guesser.wish({ t: "join", room: { code: `FRA-${String(at).padStart(8, "0")}` } })),
    );
    const codes = answers.map((answer) => ("t" in answer ? answer.code : "seat"));
    expect(count(codes, "CODE_UNKNOWN")).toBe(10);
    expect(count(codes, "RATE_LIMITED")).toBe(30);
    expect(await guessers[0]!.wish({ t: "join", room: { code } })).toMatchObject({ code: "RATE_LIMITED" });
    const friend = await scene.enter({}, { from: "127.10.7.3" });
    expect(await friend.wish({ t: "join", room: { code } })).toMatchObject({ code, roomId: expect.any(String) });
  });

  it("[AT27] right ones are not counted", async () => {
    const host = await scene.enter({}, { from: "127.10.8.1" });
    const room = await host.wish({ t: "create", mode: "skirmish", private: true });
    const friend = await scene.enter({}, { from: "127.10.8.2" });
    for (let at = 0; at < 15; at++) {
      const answer = await friend.wish({ t: "join", id: "same", room: { code: (room as { code: string }).code } });
      expect(answer).toHaveProperty("token");
    }
  });
});

it("[AT30] afterwards every process answers, none threw, and no log holds a secret", async () => {
  expect(await scene.frontrow.problems()).toEqual([]);
});
