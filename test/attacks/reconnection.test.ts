/** Reconnection tokens: guessed, borrowed, shown twice. The session id in them is public; only the whole token opens. */
import { randomBytes } from "node:crypto";
import { errorCatalogue } from "@frontrow/shared/errors.ts";
import type { Seat } from "@frontrow/shared/protocol/words.ts";
import { expect, it } from "vitest";
import { ask } from "./tools/ask.ts";
import type { Line } from "./tools/line.ts";
import { joined, outcomeOf } from "./tools/player.ts";
import { fleetScene } from "./tools/scene.ts";

const scene = fleetScene();
/** Colyseus' code for a reconnection that failed. */
const FAILED_TO_RECONNECT = 4003;
const PING = Buffer.from([18]);
const LEAVE = Buffer.from([12]);

interface Sitter {
  readonly seat: Seat;
  readonly line: Line;
  /** As the room told it. */
  readonly token: string;
}

async function sitDown(
  from: string,
  request: Record<string, unknown> = { t: "create", mode: "skirmish", private: false },
) {
  const player = await scene.enter({}, { from });
  const seat = await player.wish(request);
  if ("t" in seat) throw new Error(seat.code);
  const line = scene.dialSeat(seat, { from });
  expect(await joined(line)).toBe(true);
  const token = tokenOf(line, seat.sessionId);
  scene.frontrow.secrets.add(token);
  return { seat, line, token } satisfies Sitter;
}

const tokenOf = (line: Line, sessionId: string) =>
  new RegExp(`${sessionId}\\.[\\w-]+`).exec(
    line.heard.map((frame) => Buffer.from(frame as Buffer).toString("latin1")).join(" "),
  )![0];

const comeBack = ({ seat }: Sitter, token: string, from: string, over: Partial<Seat> = {}) =>
  scene.dialSeat({ ...seat, token: "r", ...over, query: `&reconnectionToken=${encodeURIComponent(token)}` }, { from });

async function isAnswered(line: Line): Promise<void> {
  const heard = line.heard.length;
  line.send(PING);
  await expect
    .poll(() => line.heard.slice(heard).some((frame) => PING.equals(Buffer.from(frame as Buffer))))
    .toBe(true);
}

it("[AT21] a guessed token fails, whoever's session it names, and the player who sits there notices nothing", async () => {
  const sitter = await sitDown("127.6.0.1");
  const { sessionId } = sitter.seat;
  const secret = sitter.token.slice(sessionId.length + 1);
  const guesses = [
    ...Array.from({ length: 40 }, () => `${sessionId}.${randomBytes(6).toString("base64url")}`),
    ...[sessionId, `${sessionId}.`, secret, `.${secret}`, `${sessionId}.${secret.slice(1)}`, `${sitter.token}x`],
    ...[sitter.token.toUpperCase(), sitter.token.toLowerCase(), `${sessionId}..${secret}`, `${sitter.token}\0`],
    ...["__proto__.x", "constructor.name", ".", "\0", "a".repeat(8_000)],
  ].filter((guess) => guess !== sitter.token);
  const lines = guesses.map((guess, at) => comeBack(sitter, guess, `127.6.1.${1 + (at % 8)}`));
  expect(new Set(await Promise.all(lines.map(outcomeOf)))).toEqual(new Set([FAILED_TO_RECONNECT]));
  await isAnswered(sitter.line);
});

it("[AT21] a spent seat token beside a guess opens nothing", async () => {
  const sitter = await sitDown("127.6.2.1");
  const { token, sessionId } = sitter.seat;
  for (const guess of [`${sessionId}.guess`, "x.y"]) {
    expect(await outcomeOf(comeBack(sitter, guess, "127.6.2.2", { token }))).toBe(FAILED_TO_RECONNECT);
  }
  await isAnswered(sitter.line);
});

it("[AT21] a token of another place, room or finished visit brings nobody back", async () => {
  const [thief, victim] = [await sitDown("127.6.3.1"), await sitDown("127.6.3.2")];
  const secret = thief.token.split(".")[1];
  const foreign = [
    comeBack(victim, thief.token, "127.6.3.3"),
    comeBack(victim, `${victim.seat.sessionId}.${secret}`, "127.6.3.3"),
    comeBack(thief, victim.token, "127.6.3.3"),
    comeBack(victim, victim.token, "127.6.3.3", { roomId: "fra_1_nowhere" }),
  ];
  expect(new Set(await Promise.all(foreign.map(outcomeOf)))).toEqual(new Set([FAILED_TO_RECONNECT]));
  await isAnswered(victim.line);
  thief.line.send(LEAVE);
  await thief.line.ended();
  expect(await outcomeOf(comeBack(thief, thief.token, "127.6.3.3"))).toBe(FAILED_TO_RECONNECT);
});

it("[AT21] of fifty copies of a dropped player's token one comes back, and the token is spent", async () => {
  const sitter = await sitDown("127.6.4.1");
  // A place is kept for who has joined, and that word would be lost with the connection.
  await isAnswered(sitter.line);
  sitter.line.socket.terminate();
  await sitter.line.ended();
  const lines = Array.from({ length: 50 }, (_, at) => comeBack(sitter, sitter.token, `127.6.5.${1 + (at % 5)}`));
  const outcomes = await Promise.all(lines.map(outcomeOf));
  const back = lines.filter((line, at) => outcomes[at] === "sat" && line.isOpen);
  expect(back).toHaveLength(1);
  expect(new Set(outcomes)).toEqual(new Set(["sat", FAILED_TO_RECONNECT]));
  scene.frontrow.secrets.add(tokenOf(back[0]!, sitter.seat.sessionId));
  await isAnswered(back[0]!);
  expect(await outcomeOf(comeBack(sitter, sitter.token, "127.6.5.9"))).toBe(FAILED_TO_RECONNECT);
  await isAnswered(back[0]!);
});

it("[AT21] at the edge a reconnection is only told where its room would be; what it claims is never believed there", async () => {
  const url = `${scene.url}/matchmake/reconnect/${scene.neighbour.played.roomId}`;
  for (const token of ["", "x", ".", 5, null, { split: "x" }, "a".repeat(7_000)]) {
    const body = JSON.stringify({ reconnectionToken: token });
    const { status } = await ask(url, { body, from: "127.6.6.1" });
    expect([errorCatalogue.RECONNECTION_EXPIRED.http, 400], JSON.stringify(token).slice(0, 20)).toContain(status);
  }
});

it("[AT30] afterwards every process answers, none threw, and no log holds a secret", async () => {
  expect(await scene.frontrow.problems()).toEqual([]);
});
