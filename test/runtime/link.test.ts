import { randomUUID } from "node:crypto";
import { createWsDial } from "@frontrow/edge-router/link/dial-ws.ts";
import { createInProcessLink } from "@frontrow/edge-router/link/in-process.ts";
import { createWsLink, type WsLinkOptions } from "@frontrow/edge-router/link/ws-link.ts";
import { pickListen } from "@frontrow/listener/pick.ts";
import { createLinkDoor, type LinkDoorOptions } from "@frontrow/matchmaker/service/link-door.ts";
import { makeLinkHello } from "@frontrow/shared/identity/link-hello.ts";
import { generateSigningKey, signingKeyFrom } from "@frontrow/shared/identity/signed.ts";
import { decode, encodeMsgpack } from "@frontrow/shared/protocol/codec.ts";
import { LinkDown } from "@frontrow/shared/protocol/link.ts";
import { afterEach, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import * as z from "zod";
import { startDelayProxy } from "../../cli/dev/delay-proxy.ts";
import { linkContract, linkLimits, placeOf } from "../contract/link.ts";
import { createFakeMetro, type FakeMetro } from "../support/fake-metro.ts";

const edgeKey = signingKeyFrom(generateSigningKey().privateText);
const metroKey = signingKeyFrom(generateSigningKey().privateText);
const strangerKey = signingKeyFrom(generateSigningKey().privateText);
const open: { close(): void | Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

async function doorOf(metro: FakeMetro, overrides: Partial<LinkDoorOptions> = {}, port = 0) {
  const log: string[] = [];
  const listen = await pickListen();
  const door = createLinkDoor({
    metro,
    limits: linkLimits,
    key: metroKey,
    trust: { peers: [edgeKey.publicKey], maxAgeMs: linkLimits.linkHelloMs },
    nowMs: Date.now,
    schedule: setImmediate,
    log: (event, detail) => void log.push(`${event} ${JSON.stringify(detail)}`),
    ...overrides,
  });
  const listening = await listen({
    host: "127.0.0.1",
    port,
    trustedProxies: [],
    httpBodyBytes: 1_024,
    requestHeadMs: 5_000,
    http: [],
    sockets: [door],
  });
  open.push(listening);
  return { listening, log, url: `ws://127.0.0.1:${listening.port}/v1/link` };
}

function linkTo(url: string, overrides: Partial<WsLinkOptions> = {}) {
  const link = createWsLink({
    metro: "fra",
    url,
    edge: "edge",
    key: edgeKey,
    trust: { peers: [metroKey.publicKey], maxAgeMs: linkLimits.linkHelloMs },
    limits: linkLimits,
    dial: createWsDial(linkLimits.linkFrameBytes),
    nowMs: Date.now,
    clockMs: () => performance.now(),
    nonce: () => randomUUID().replaceAll("-", ""),
    jitter: Math.random,
    schedule: setImmediate,
    log: () => {},
    ...overrides,
  });
  open.push(link);
  return link;
}

describe("a link in the same process", () => linkContract(async (metro) => createInProcessLink(metro, linkLimits)));
describe("a link over a WebSocket", () => linkContract(async (metro) => linkTo((await doorOf(metro)).url)));

describe("who may open a link", () => {
  it("[LK2] an edge with an unlisted key, or with none, is refused", async () => {
    const metro = createFakeMetro();
    const { url, log } = await doorOf(metro);
    const stranger = linkTo(url, { key: strangerKey });
    const nobody = linkTo(url, { key: undefined });
    await vi.waitFor(() =>
      expect(log.filter((line) => line.includes("not in the list")).length).toBeGreaterThanOrEqual(2),
    );
    expect([stranger.isUp(), nobody.isUp(), metro.connections]).toEqual([false, false, 0]);
  });

  it("[LK2] an edge does not talk to a matchmaker that it does not list, or that is another metro's", async () => {
    const said: string[] = [];
    const log = (event: string, detail: object) => void said.push(`${event} ${JSON.stringify(detail)}`);
    const { url } = await doorOf(createFakeMetro(), { key: strangerKey });
    const wary = linkTo(url, { log });
    await vi.waitFor(() => expect(said.join()).toContain("not in the list"));
    const other = linkTo((await doorOf(createFakeMetro())).url, { metro: "ams", log });
    await vi.waitFor(() => expect(said.join()).toContain("this is fra"));
    expect([wary.isUp(), other.isUp()]).toEqual([false, false]);
  });

  it("[LK2] a recorded hello is worth nothing to whoever recorded it", async () => {
    const metro = createFakeMetro();
    const { url, log } = await doorOf(metro);
    const recorded = makeLinkHello("edge", "an-earlier-challenge", Date.now(), edgeKey);
    const thief = new WebSocket(url);
    thief.once("message", () => thief.send(encodeMsgpack([recorded])));
    const code = await new Promise((resolve) => thief.once("close", resolve));
    expect(code).toBe(4364);
    expect(log.join()).toContain("signature is wrong");
    expect(metro.connections).toBe(0);
  });

  it("[LK2] a hello signed more than thirty seconds ago is refused", async () => {
    const { url, log } = await doorOf(createFakeMetro());
    linkTo(url, { nowMs: () => Date.now() - linkLimits.linkHelloMs - 1_000 });
    await vi.waitFor(() => expect(log.join()).toContain("too long ago"));
  });
});

describe("a link that breaks", () => {
  it("[LK3] what waited is refused at once, and the link comes back with its sessions", async () => {
    const metro = createFakeMetro();
    const first = await doorOf(metro);
    const link = linkTo(first.url);
    await vi.waitFor(() => expect(link.isUp()).toBe(true));
    await link.openSession({ sid: "s1", guest: "guest_abcdefgh12" });
    metro.answer = () => new Promise(() => {});
    const waiting = expect(link.place(placeOf("t"))).rejects.toMatchObject({ refusal: { code: "MATCHMAKER_AWAY" } });
    await vi.waitFor(() => expect(metro.placed).toHaveLength(1));
    const { port } = first.listening;
    await first.listening.close();
    await waiting;
    await expect(link.place(placeOf("u"))).rejects.toMatchObject({ refusal: { code: "MATCHMAKER_AWAY" } });
    metro.answer = async ({ ticket }) => metro.seatOf(ticket);
    await doorOf(metro, {}, port);
    await vi.waitFor(() => expect(link.isUp()).toBe(true), { timeout: 6_000 });
    await vi.waitFor(() => expect(metro.opened).toEqual(["s1", "s1"]));
    await expect(link.place(placeOf("v"))).resolves.toBeDefined();
  });

  it("[LK3] twelve hundred sessions are all said again, whatever else the link may have waiting", async () => {
    const metro = createFakeMetro();
    const first = await doorOf(metro);
    const link = linkTo(first.url, { limits: { ...linkLimits, linkPendingMax: 300 } });
    await vi.waitFor(() => expect(link.isUp()).toBe(true));
    const sids = Array.from({ length: 1_200 }, (_, i) => `s${i}`);
    for (const sid of sids) await link.openSession({ sid, guest: "guest_abcdefgh12" });
    const { port } = first.listening;
    await first.listening.close();
    metro.opened.length = 0;
    await doorOf(metro, {}, port);
    await vi.waitFor(() => expect(new Set(metro.opened).size).toBe(1_200), { timeout: 8_000 });
  });

  it("[LK3] a session that was refused for a while is said again until it is believed", async () => {
    const metro = createFakeMetro();
    const { url } = await doorOf(metro);
    const link = linkTo(url);
    await vi.waitFor(() => expect(link.isUp()).toBe(true));
    metro.refuseOpening = "AUTH_UNAVAILABLE";
    await expect(link.openSession({ sid: "s1", guest: "guest_abcdefgh12" })).rejects.toThrow();
    metro.refuseOpening = undefined;
    await vi.waitFor(() => expect(metro.opened).toEqual(["s1"]), { timeout: 3_000 });
  });

  it("[LK3] a matchmaker that is frozen is noticed, and dialled again", { timeout: 15_000 }, async () => {
    const metro = createFakeMetro();
    const { listening } = await doorOf(metro);
    const proxy = await startDelayProxy({
      port: 0,
      target: { host: "127.0.0.1", port: listening.port },
      roundTripMs: 0,
    });
    open.push(proxy);
    const link = linkTo(`ws://127.0.0.1:${proxy.port}/v1/link`);
    await vi.waitFor(() => expect(link.isUp()).toBe(true));
    proxy.stall(true);
    await vi.waitFor(() => expect(link.isUp()).toBe(false), { timeout: 8_000 });
    proxy.stall(false);
    await vi.waitFor(() => expect(link.isUp()).toBe(true), { timeout: 4_000 });
  });

  it("[LK5] the round trip is measured on the link, and verified after five echoes", async () => {
    const link = linkTo((await doorOf(createFakeMetro())).url);
    await vi.waitFor(() => expect(link.roundTrip()).toMatchObject({ verified: true }), { timeout: 4_000 });
    expect(link.roundTrip()!.minMs).toBeGreaterThan(0);
  });
});

describe("bad bytes on the link's door", () => {
  const Frame = z.array(LinkDown);
  /** Greets like an edge, then sends `bytes`; the close code. */
  async function closeCodeAfter(url: string, bytes: Uint8Array, greet: boolean) {
    const socket = new WebSocket(url);
    const closed = new Promise<number>((resolve) => socket.once("close", resolve));
    socket.once("message", (data) => {
      const frame = decode(Frame, data as Uint8Array, 4_096);
      const challenge = frame.ok && frame.value[0]?.t === "hello" ? frame.value[0].nonce : "";
      if (greet) socket.send(encodeMsgpack([makeLinkHello("edge", challenge, Date.now(), edgeKey)]));
      socket.send(bytes);
    });
    return closed;
  }

  it("[LK6] junk ends the link that sent it, before and after the hello, and no other", async () => {
    const metro = createFakeMetro();
    const { url } = await doorOf(metro);
    const good = linkTo(url);
    await vi.waitFor(() => expect(good.isUp()).toBe(true));
    const bomb = new Uint8Array(900).fill(0xdd);
    for (const bytes of [
      bomb,
      encodeMsgpack("text"),
      encodeMsgpack([{ t: "place" }]),
      new Uint8Array(2_000).fill(0x91),
    ]) {
      expect(await closeCodeAfter(url, bytes, false)).toBe(4364);
      expect(await closeCodeAfter(url, bytes, true)).toBe(4364);
    }
    await expect(good.place(placeOf("t"))).resolves.toBeDefined();
    await vi.waitFor(() => expect(metro.connections).toBe(1));
  });

  it("[LK6] a request before the hello reaches nothing", async () => {
    const metro = createFakeMetro();
    const { url } = await doorOf(metro);
    expect(await closeCodeAfter(url, encodeMsgpack([{ t: "place", rid: 1, ...placeOf("t") }]), false)).toBe(4364);
    expect(metro.placed).toHaveLength(0);
  });

  it("[LK6] a peer that says nothing is shown out", async () => {
    const { url } = await doorOf(createFakeMetro(), { limits: { ...linkLimits, helloMs: 50 } });
    const mute = new WebSocket(url);
    expect(await new Promise((resolve) => mute.once("close", resolve))).toBe(4364);
  });
});
