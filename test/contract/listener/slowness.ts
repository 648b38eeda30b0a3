import { expect, it } from "vitest";
import { testTls } from "../../support/sockets.ts";
import { get, type ListenerSubject, type Rig, recordingRoute, until } from "./rig.ts";

export function slownessRules(rig: Rig, subject: ListenerSubject): void {
  slowPeers(rig, subject);
  slowBodies(rig);
  idleSockets(rig);
}

function slowPeers(rig: Rig, { slowHeadMs }: ListenerSubject): void {
  it("[LS21] heads that never end, silence, unfinished TLS handshakes and unread replies are cut; others are served", async () => {
    const body = Buffer.alloc(30_000_000);
    const http = [get("/", () => ({ status: 200 })), get("/large", () => ({ status: 200, body }))];
    const plain = await rig.open({ http, requestHeadMs: 1_000 });
    const secure = await rig.open({ http, requestHeadMs: 1_000, tls: testTls });
    const deadlineMs = performance.now() + slowHeadMs;
    const started = (text: string) => {
      const peer = rig.peers.raw(plain.port);
      peer.socket.write(text);
      return peer;
    };
    const head = "GET / HTTP/1.1\r\nhost: test\r\n";
    const slow = [head, `${head}x: `, "GET", "", `${head}\r\n${head}`].map(started);
    slow.push(rig.peers.raw(secure.port));
    const unread = started("GET /large HTTP/1.1\r\nhost: test\r\n\r\n");
    unread.socket.pause();
    const dribbling = setInterval(() => {
      for (const { socket } of slow.slice(0, 2)) socket.write("x: y\r\n");
    }, 100);
    expect((await fetch(plain.http)).status).toBe(200);
    await until(() => slow.every((peer) => peer.hasClosed), slowHeadMs).finally(() => clearInterval(dribbling));

    // Whether a reply was given up shows only in how much of it can be read after the deadline.
    await until(() => performance.now() > deadlineMs, slowHeadMs);
    unread.socket.resume();
    await until(() => unread.hasClosed);
    expect(unread.text.length).toBeLessThan(body.length);
  });
}

function slowBodies(rig: Rig): void {
  const cases: Array<[name: string, header: string, drop: string, answered: RegExp]> = [
    ["never comes", "content-length: 900", "", /^HTTP\/1.1 408 /],
    ["dribbles in", "content-length: 900", "b", /^HTTP\/1.1 408 /],
    ["never ends", "transfer-encoding: chunked", `3e8\r\n${"b".repeat(1_000)}\r\n`, /^(HTTP\/1.1 413 |$)/],
  ];
  for (const [name, header, drop, answered] of cases) {
    it(`[LS21] a body that ${name} ends within its time`, async () => {
      const handle = () => ({ status: 200 });
      const { port } = await rig.open({ http: [{ method: "POST", path: "/", handle }], requestHeadMs: 500 });
      const peer = rig.peers.raw(port);
      peer.socket.write(`POST / HTTP/1.1\r\nhost: test\r\n${header}\r\n\r\n`);
      const dribbling = setInterval(() => drop && peer.socket.write(drop), 20);
      await until(() => peer.hasClosed, 2_500).finally(() => clearInterval(dribbling));
      expect(peer.text).toMatch(answered);
    });
  }
}

function idleSockets(rig: Rig): void {
  it("[LS15] a socket on which nothing was received for idleMs ends with 1006, however much it is sent", async () => {
    const { route, seen } = recordingRoute({ idleMs: 400 });
    const { ws, port } = await rig.open({ sockets: [route] });
    const silent = await rig.peers.upgraded(port, "/ws");
    const openedMs = performance.now();
    const talker = await rig.peers.ws(`${ws}/ws`);
    const ponger = await rig.peers.ws(`${ws}/ws`);
    const [toSilent, , toPonger] = seen.sockets;
    const working = setInterval(() => {
      toSilent!.send("news");
      talker.socket.send("hello");
      toPonger!.ping(Buffer.from("1"));
    }, 50);
    await until(() => silent.hasClosed).finally(() => expect(seen.closes.length).toBe(1));
    expect(performance.now() - openedMs).toBeGreaterThan(390);
    await until(() => seen.messages.length > 16);
    clearInterval(working);
    expect(seen.closes).toEqual([{ code: 1006, reason: "" }]);
    expect([talker.closed, ponger.closed]).toEqual([undefined, undefined]);
    await until(() => talker.closed && ponger.closed);
  });
}
