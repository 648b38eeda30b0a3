/** The matchmaker's door for edges: strangers, recordings, bombs; and players whose words an edge carries there. */

import { devKeys } from "@frontrow/shared/config/dev-keys.ts";
import { errorCatalogue } from "@frontrow/shared/errors.ts";
import { makeLinkHello } from "@frontrow/shared/identity/link-hello.ts";
import { generateSigningKey, signingKeyFrom } from "@frontrow/shared/identity/signed.ts";
import { encodeMsgpack } from "@frontrow/shared/protocol/codec.ts";
import { describe, expect, it } from "vitest";
import { ask } from "./tools/ask.ts";
import { msgpackBombs } from "./tools/bombs.ts";
import { seededBytes } from "./tools/junk.ts";
import { knockAtLink, openLink } from "./tools/link-peer.ts";
import { codeOf } from "./tools/player.ts";
import { brokenFrames, rawLine } from "./tools/raw-line.ts";
import { fleetScene } from "./tools/scene.ts";

const scene = fleetScene({ limits: { helloMs: 1_000 } });
const REFUSED = errorCatalogue.LINK_REFUSED.close;
const listed = signingKeyFrom(devKeys.link.privateText);
const linkPort = () => scene.frontrow.member("matchmaker").port;
const knock = () => knockAtLink(scene.dial, linkPort());

describe("a stranger", () => {
  it("[AT7] a hello that is unsigned, of an unknown key, too old, of another version or of somebody else opens no link", async () => {
    const stranger = signingKeyFrom(generateSigningKey().privateText);
    const nowMs = Date.now();
    const hellos: Record<string, (challenge: string) => object> = {
      unsigned: (challenge) => makeLinkHello("edge", challenge, nowMs, undefined),
      "of an unknown key": (challenge) => makeLinkHello("edge", challenge, nowMs, stranger),
      "of an unknown key under a known one's name": (challenge) => ({
        ...makeLinkHello("edge", challenge, nowMs, stranger),
        key: listed.publicKey,
      }),
      "signed a minute ago": (challenge) => makeLinkHello("edge", challenge, nowMs - 60_000, listed),
      "signed in a minute": (challenge) => makeLinkHello("edge", challenge, nowMs + 60_000, listed),
      "with another name than was signed": (challenge) => ({
        ...makeLinkHello("edge", challenge, nowMs, listed),
        name: "another",
      }),
      "of another version": (challenge) => ({ ...makeLinkHello("edge", challenge, nowMs, listed), v: 2 }),
      "for no challenge": () => makeLinkHello("edge", "", nowMs, listed),
    };
    for (const [name, make] of Object.entries(hellos)) {
      const peer = await knock();
      peer.say(make(peer.challenge));
      expect((await peer.line.ended()).code, name).toBe(REFUSED);
      expect(peer.heard(), name).toHaveLength(1);
    }
  });

  it("[AT7] a recorded hello opens nothing, on its own connection or on another", async () => {
    const honest = await knock();
    const recording = makeLinkHello("edge", honest.challenge, Date.now(), listed);
    honest.say(recording);
    await expect.poll(() => honest.heard().some(({ t }) => t === "status")).toBe(true);
    const thief = await knock();
    thief.say(recording);
    expect((await thief.line.ended()).code).toBe(REFUSED);
  });

  it("[AT7] requests before the hello, or none in time, end the connection", async () => {
    const hasty = await knock();
    hasty.say({ t: "list-rooms", rid: 1, mode: "arena", limit: 10 });
    expect((await hasty.line.ended()).code).toBe(REFUSED);
    const mute = await knock();
    expect((await mute.line.ended(4_000)).code).toBe(REFUSED);
  });

  it("[AT1] [AT4] bombs, junk and text before the hello end their own connection", async () => {
    const junk = Array.from({ length: 16 }, (_, seed) => [`seed ${seed}`, seededBytes(seed + 1)] as const);
    const text = ["text", '[{"t":"hello"}]'] as const;
    for (const [name, bytes] of [...Object.entries(msgpackBombs(1_000)), ...junk, text]) {
      const peer = await knock();
      peer.line.send(bytes);
      expect((await peer.line.ended()).code, name).toBe(REFUSED);
    }
  });

  it("[AT2] more than a hello before the hello ends the connection", async () => {
    for (const bytes of [1_025, 5_000_000]) {
      const peer = await knock();
      peer.line.send(Buffer.alloc(bytes));
      expect([REFUSED, 1006, 1009], `${bytes}`).toContain((await peer.line.ended()).code);
    }
  });

  it("[AT5] frames that break the WebSocket protocol end their own connection", async () => {
    for (const [name, { bytes, mustEnd }] of Object.entries(brokenFrames)) {
      const line = await rawLine(linkPort(), "/v1/link", {});
      line.socket.write(bytes);
      if (!mustEnd) line.socket.end();
      await line.closed(name);
    }
  });
});

describe("a peer with a listed key", () => {
  it("[AT1] bombs as large as a frame may be end its own link, within its memory", async () => {
    for (const [name, bomb] of Object.entries(msgpackBombs(4_000_000))) {
      const peer = await openLink(scene.dial, linkPort(), listed);
      peer.line.send(bomb);
      expect((await peer.line.ended(10_000)).code, name).toBe(REFUSED);
    }
  });

  it("[AT8] cannot use, close or learn of another edge's sessions", async () => {
    const { line, playerId } = await scene.enter({}, { from: "127.2.0.1" });
    const peer = await openLink(scene.dial, linkPort(), listed);
    const sid = "edge:000000000000";
    const rtt = { minMs: 0, jitterMs: 0, loss: 0, samples: 5, verified: true };
    const target = { kind: "best", mode: "arena" };
    peer.say({ t: "place", rid: 1, sid, ticket: "a", target, compat: "any", options: {}, rtt });
    expect(await peer.answer(1)).toMatchObject({ t: "refused", code: "AUTH_REQUIRED" });
    peer.say(
      { t: "open-session", rid: 2, sid, guest: "somebody", ageMs: 0 },
      { t: "open-session", rid: 3, sid, jwt: "a.b.c", ageMs: 0 },
    );
    expect(await peer.answer(2)).toMatchObject({ t: "refused", code: "AUTH_INVALID" });
    expect(await peer.answer(3)).toMatchObject({ t: "refused", code: "AUTH_INVALID" });
    expect(JSON.stringify(peer.heard())).not.toContain(playerId);
    expect(line.isOpen).toBe(true);
  });
});

describe("a player whose words an edge carries", () => {
  const linksLost = () =>
    scene.frontrow
      .member("edge")
      .said()
      .match(/link is down/g)?.length ?? 0;
  const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);
  const wishes: Record<string, Record<string, unknown>> = {
    "as deep as a client's message may be": { deep: nested(30) },
    "a level less deep": { deep: nested(29) },
    "many keys": Object.fromEntries(Array.from({ length: 400 }, (_, at) => [`k${at}`, 0])),
    "many values": { many: Array.from({ length: 3_900 }, () => 0) },
    "unpaired surrogates": { "\ud800": "\udfff" },
    "own prototypes": JSON.parse('{"__proto__":{"seats":1},"constructor":{"prototype":{"seats":1}}}'),
    "large and small numbers": { numbers: [1e308, -1e308, 5e-324, -0, 2 ** 53, 4_294_967_296] },
  };

  it("[AT9] options that a link could not carry are refused at the edge; the link stays", async () => {
    const player = await scene.enter({}, { from: "127.2.0.2" });
    for (const [name, options] of Object.entries(wishes)) {
      for (const request of [
        { t: "play", mode: "skirmish" },
        { t: "join", room: { roomId: "fra_1_nowhere" } },
      ]) {
        const answer = await player.wish({ ...request, options });
        expect(["seat", "INVALID_ATTRIBUTES", "ROOM_NOT_FOUND"], name).toContain(codeOf(answer));
      }
    }
    expect(linksLost()).toBe(0);
  });

  it("[AT9] nor do such options over HTTP, or a page's cursor of any length", async () => {
    for (const [name, options] of Object.entries({ ...wishes, "deeper still": { deep: nested(3_000) } })) {
      const body = JSON.stringify(options);
      const answer = await ask(`${scene.url}/matchmake/joinOrCreate/skirmish`, { body, from: "127.2.0.3" });
      expect([200, 400, 422], `${name}: ${answer.body}`).toContain(answer.status);
      if (answer.status === 200) scene.frontrow.secrets.add(answer.json.processId);
    }
    for (const after of [
      `fra_${"x".repeat(65)}`,
      `fra_${"x".repeat(8_000)}`,
      "fra_1_%00",
      "fra_",
      "fra",
      "fra_1_%F0%9F",
    ]) {
      const answer = await ask(`${scene.url}/v1/rooms?mode=arena&after=${after}`, { from: "127.2.0.3" });
      expect([200, 400], `${after.slice(0, 80)}: ${answer.body}`).toContain(answer.status);
    }
    expect(linksLost()).toBe(0);
  });

  it("[AT9] a message that is none of the link's costs the link of its sender", async () => {
    const peer = await openLink(scene.dial, linkPort(), listed);
    peer.line.send(encodeMsgpack([{ t: "give-back", rid: -1, sid: "x", ticket: "../../" }]));
    expect((await peer.line.ended()).code).toBe(REFUSED);
  });
});

it("[AT30] afterwards every process answers, none threw, and no log holds a secret", async () => {
  expect(await scene.frontrow.problems()).toEqual([]);
});
