/** Parties against those who would get into them, speak for others in them, or drag others along: at the edge's socket and on a link. */
import { devKeys } from "@frontrow/shared/config/dev-keys.ts";
import { errorCatalogue } from "@frontrow/shared/errors.ts";
import { signingKeyFrom } from "@frontrow/shared/identity/signed.ts";
import { describe, expect, it, vi } from "vitest";
import { openLink } from "./tools/link-peer.ts";
import { heardBy, type Player } from "./tools/player.ts";
import { fleetScene } from "./tools/scene.ts";

const scene = fleetScene({ limits: { wrongCodesPerMinute: 5, edgeMessagesPerSecond: 10 } });
const SOON = { timeout: 8_000, interval: 10 };

const create = { t: "party-create", id: "p" };
const ready = { t: "party-ready", id: "p", yes: true };
const play = { t: "party-play", id: "p", ticket: "t", mode: "squads" };
const lastParty = (player: Player) => heardBy(player.line).findLast((message) => message.t === "party");
const membersOf = (player: Player) => lastParty(player)?.members.map(({ playerId }) => playerId);
const errorOf = (player: Player, id: string) =>
  player.hear("error", (message) => message.id === id).then(({ code }) => code);
const held = () => scene.frontrow.member("edge").metric("frontrow_edge_tickets_held");

/** Two who are in one party, from two addresses of a network. */
async function two(network: string) {
  const ada = await scene.enter({}, { from: `${network}.1` });
  ada.say(create);
  const { code } = await ada.hear("party");
  const ben = await scene.enter({}, { from: `${network}.2` });
  ben.say({ t: "party-join", id: "p", code });
  await vi.waitFor(() => expect(membersOf(ada)).toEqual([ada.playerId, ben.playerId]), SOON);
  return { ada, ben, code };
}

describe("a party's door", () => {
  it("[PY10] guessing codes ends in RATE_LIMITED for the guesser's address, also for the right code, and for nobody else", async () => {
    const { ada, code } = await two("127.9.0");
    const eve = await scene.enter({}, { from: "127.9.1.1" });
    const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    const guesses = [...alphabet]
      .slice(0, 8)
      .map((letter) => `${code.slice(0, -1)}${letter === code.at(-1) ? "Z" : letter}`);
    for (const [at, guess] of [...guesses, code].entries()) {
      eve.say({ t: "party-join", id: `g${at}`, code: guess });
      await errorOf(eve, `g${at}`);
    }
    const codes = heardBy(eve.line).flatMap((message) => (message.t === "error" ? message.code : []));
    expect(codes).toEqual([...Array(5).fill("CODE_UNKNOWN"), ...Array(4).fill("RATE_LIMITED")]);
    const again = await scene.enter({}, { from: "127.9.1.1" });
    again.say({ t: "party-join", id: "p", code });
    expect(await errorOf(again, "p")).toBe("RATE_LIMITED");
    const friend = await scene.enter({}, { from: "127.9.2.1" });
    friend.say({ t: "party-join", id: "p", code });
    await friend.hear("party");
    expect(membersOf(ada)).toHaveLength(3);
  });

  it("[PY7] a proof that was forged, or is another's, opens no door and takes nobody's place", async () => {
    const { ada, ben, code } = await two("127.9.3");
    const { resume } = lastParty(ada)!;
    const eve = await scene.enter({}, { from: "127.9.4.1" });
    const flipped = resume.receipt.replace(/^./, (letter) => (letter === "A" ? "B" : "A"));
    const wrong = { t: "party-join", id: "w", code: `${code.slice(0, 4)}00000000`, resume };
    eve.say(wrong);
    expect(await errorOf(eve, "w")).toBe("CODE_UNKNOWN");
    eve.say({ t: "party-join", id: "p", code, resume: { ...resume, receipt: flipped } });
    await eve.hear("party");
    expect(membersOf(ben)).toEqual([ada.playerId, ben.playerId, eve.playerId]);
  });

  it.each([
    ["options that are too large", { t: "party-create", id: "p", options: { text: "x".repeat(600) } }],
    [
      "options that are too deep",
      { t: "party-create", id: "p", options: JSON.parse(`${'{"a":'.repeat(24)}1${"}".repeat(24)}`) },
    ],
  ])("[PY10] %s are refused, and the socket lives", async (_, message) => {
    const eve = await scene.enter({}, { from: "127.9.5.1" });
    eve.say(message);
    const code = await Promise.race([errorOf(eve, "p"), eve.line.ended().then(({ reason }) => reason)]);
    expect(["INVALID_ATTRIBUTES", "BAD_MESSAGE"]).toContain(code);
    if (code === "INVALID_ATTRIBUTES") {
      eve.say(create);
      await eve.hear("party");
    }
  });

  it.each([
    [
      "a receipt of a megabyte's beginning",
      { t: "party-join", id: "p", code: "FRA-00000000", resume: { member: "m".repeat(22), receipt: "r".repeat(600) } },
    ],
    [
      "a member with a strange name",
      { t: "party-join", id: "p", code: "FRA-00000000", resume: { member: "../..", receipt: "r" } },
    ],
    ["an id with a strange name", { t: "party-ready", id: "__proto__\u0000", yes: true }],
    ["a word that is none", { t: "party-ready", id: "p", yes: "maybe" }],
  ])("[PY10] %s ends its connection with BAD_MESSAGE", async (_, message) => {
    const eve = await scene.enter({}, { from: "127.9.6.1" });
    eve.say(message);
    expect((await eve.line.ended()).code).toBe(errorCatalogue.BAD_MESSAGE.close);
  });
});

describe("words for others", () => {
  it("[PY11] who is in no party speaks for none, whatever party's name he says", async () => {
    const { ada, ben } = await two("127.9.7");
    const eve = await scene.enter({}, { from: "127.9.8.1" });
    for (const message of [ready, { ...play }, { t: "party-leave", id: "p" }, { t: "ready", id: "t", yes: true }])
      eve.say(message);
    expect([await errorOf(eve, "p"), await errorOf(eve, "t")]).toEqual(["NOT_IN_PARTY", "NOT_IN_PARTY"]);
    expect(membersOf(ben)).toEqual([ada.playerId, ben.playerId]);
    expect(lastParty(ada)?.members.some((member) => member.ready)).toBe(false);
  });

  it("[PY11] a member that does not lead plays nothing, and says so in vain twice", async () => {
    const { ada, ben } = await two("127.9.9");
    ada.say(ready);
    ben.say(ready);
    await vi.waitFor(() => expect(lastParty(ada)?.members.every((member) => member.ready)).toBe(true), SOON);
    for (const ticket of ["t1", "t2"]) {
      ben.say({ ...play, ticket });
      expect(await errorOf(ben, ticket)).toBe("NOT_LEADER");
    }
    expect(heardBy(ada.line).some(({ t }) => t === "party-call")).toBe(false);
  });

  it("[PY3] a leader drags nobody along: not all ready, nobody is enlisted; a prototype is no mode", async () => {
    const { ada, ben } = await two("127.9.10");
    for (const [ticket, mode] of [
      ["t1", "squads"],
      ["t2", "constructor"],
      ["t3", "arena"],
    ] as const) {
      ada.say({ ...play, ticket, mode });
    }
    expect(await Promise.all(["t1", "t2", "t3"].map((id) => errorOf(ada, id)))).toEqual(
      expect.arrayContaining(["SUPERSEDED"]),
    );
    ada.say({ ...play, ticket: "t4" });
    expect(await errorOf(ada, "t4")).toBe("PARTY_NOT_READY");
    expect(heardBy(ben.line).some(({ t }) => t === "party-call")).toBe(false);
    expect(await held()).toBe(0);
  });

  it("[PY10] a member who changes his mind all the time is cut off, and the others hear of a fraction", async () => {
    const { ada, ben } = await two("127.9.11");
    for (let at = 0; at < 150; at++) ben.say({ ...ready, yes: at % 2 === 0 });
    expect((await ben.line.ended()).code).toBe(errorCatalogue.RATE_LIMITED.close);
    expect(heardBy(ada.line).filter(({ t }) => t === "party").length).toBeLessThan(40);
    // His lease runs out, and the party is Ada's alone.
    await vi.waitFor(() => expect(membersOf(ada)).toEqual([ada.playerId]), SOON);
  });
});

describe("a link", () => {
  it("[PY11] speaks for its own sessions only, and for members that it said itself", async () => {
    const { ada, ben, code } = await two("127.9.12");
    const port = scene.frontrow.member("matchmaker").port;
    const peer = await openLink(scene.dial, port, signingKeyFrom(devKeys.link.privateText));
    const attend = {
      ...{ t: "party-attend", n: 0, sid: "edge:somebodyelse", code, member: "m".repeat(22), how: "stay", order: 0 },
      ...{ own: 0, seen: 0, peers: 2, compat: "any", options: {}, ready: true },
    };
    peer.say(attend, ...[0, 1, 2].map((n) => ({ t: "party-depart", n })));
    peer.say({ t: "party-renew", members: [{ n: 7, own: 0, seen: 0 }] });
    await vi.waitFor(() => expect(peer.heard()).toContainEqual({ t: "party-unknown", ns: [7] }), SOON);
    ben.say(ready);
    await vi.waitFor(() => expect(lastParty(ada)?.members[1]?.ready).toBe(true), SOON);
    expect(membersOf(ada)).toEqual([ada.playerId, ben.playerId]);
    expect(peer.heard().some(({ t }) => t === "party-state")).toBe(false);
  });
});
