import { execFile } from "node:child_process";
import { createServer } from "node:net";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import type { HttpReply } from "../../../listener/listener.ts";
import { frame, testTls } from "../../support/sockets.ts";
import { echo, get, type ListenerSubject, type Rig, recordingRoute, until } from "./rig.ts";

export function lifeRules(rig: Rig, subject: ListenerSubject): void {
  starting(rig, subject);
  closing(rig);
  exiting(subject);
  encrypted(rig);
}

function starting(rig: Rig, { kind }: ListenerSubject): void {
  it("[LS25] a port that is taken, by its like or by another, rejects with the address", async () => {
    const first = await rig.open();
    expect(first.kind).toBe(kind);
    await expect(rig.open({ port: first.port })).rejects.toThrow(`127.0.0.1:${first.port}: EADDRINUSE`);
    // A port that was asked for by number is no different from one that the system chose.
    await first.close();
    await rig.open({ port: first.port });
    await expect(rig.open({ port: first.port })).rejects.toThrow(`127.0.0.1:${first.port}: EADDRINUSE`);
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as { port: number };
    await expect(rig.open({ port })).rejects.toThrow(`127.0.0.1:${port}: EADDRINUSE`);
    other.close();
    await expect(rig.open({ host: "192.0.2.1", port: 4_000 })).rejects.toThrow("192.0.2.1:4000: EADDRNOTAVAIL");
  });

  it("[LS25] only the host that was named is bound", async () => {
    const { port } = await rig.open({ http: [get("/", () => ({ status: 200 }))] });
    const elsewhere = rig.peers.raw(port, { host: "127.0.0.2" });
    elsewhere.socket.write("GET / HTTP/1.1\r\nhost: test\r\n\r\n");
    await until(() => elsewhere.hasClosed);
    expect(elsewhere.text).toBe("");
  });

  it("[LS25] a route that is malformed refuses to start", async () => {
    for (const path of ["ws", "/*/more", "/:"]) {
      await expect(rig.open({ sockets: [recordingRoute({ path }).route] })).rejects.toThrow(`"${path}"`);
    }
  });
}

function closing(rig: Rig): void {
  it("[LS26] closing tells every socket 1001, refuses newcomers and frees the port", async () => {
    const { route, seen } = recordingRoute(echo);
    const opened = await rig.open({ sockets: [route], http: [get("/", () => ({ status: 200 }))] });
    const peers = await Promise.all([1, 2, 3].map(() => rig.peers.ws(`${opened.ws}/ws`)));
    expect((await fetch(opened.http)).status).toBe(200);
    await Promise.all([opened.close(), opened.close()]);
    expect(seen.closes).toEqual(peers.map(() => ({ code: 1001, reason: "" })));
    await until(() => peers.every((peer) => peer.closed));
    expect(peers.map((peer) => peer.closed?.code)).toEqual([1001, 1001, 1001]);
    await expect(rig.peers.ws(`${opened.ws}/ws`)).rejects.toThrow("ECONNREFUSED");
    const again = await rig.open({ port: opened.port });
    expect(again.port).toBe(opened.port);
  });

  it("[LS26] peers that are mute, or do not read, delay closing by no more than about two seconds", async () => {
    const { route, seen } = recordingRoute({ sendBufferBytesMax: 1_000_000 });
    const opened = await rig.open({ sockets: [route], http: [get("/never", () => new Promise(() => {}))] });
    const mute = await rig.peers.upgraded(opened.port, "/ws", { allowHalfOpen: true });
    const stalled = await rig.peers.upgraded(opened.port, "/ws");
    stalled.socket.pause();
    while (seen.sockets[1]!.buffered() === 0) seen.sockets[1]!.send(Buffer.alloc(65_536));
    const waiting = rig.peers.raw(opened.port);
    waiting.socket.write("GET /never HTTP/1.1\r\nhost: test\r\n\r\n");
    const silent = rig.peers.raw(opened.port);
    await until(() => silent.socket.readyState === "open");
    const startedMs = performance.now();
    await opened.close();
    expect(performance.now() - startedMs).toBeLessThan(3_500);
    const knocking = setInterval(() => [mute, stalled].map(({ socket }) => socket.write(frame(9))), 50);
    await until(() => [mute, stalled, waiting, silent].every((peer) => peer.hasClosed)).finally(() =>
      clearInterval(knocking),
    );
    expect(seen.closes.map((close) => close.code)).toEqual([1001, 1001]);
  });

  it("[LS26] a request that is being answered gets its answer", async () => {
    let finish: ((reply: HttpReply) => void) | undefined;
    const handle = () =>
      new Promise<HttpReply>((resolve) => {
        finish = resolve;
      });
    const opened = await rig.open({ http: [get("/", handle)] });
    const reply = fetch(opened.http);
    await until(() => finish);
    const closed = opened.close();
    finish!({ status: 200, body: "in time" });
    expect(await (await reply).text()).toBe("in time");
    await closed;
  });
}

/** A process that opens a listener, connects to itself without ever answering, closes, and should have nothing left to do. */
const LIFE = `
  import { connect } from "node:net";
  import { pickListen } from "./listener/pick.ts";
  import { upgradeRequest } from "./test/support/upgrade-request.ts";
  const listen = await pickListen(process.argv[1]);
  const route = { path: "/ws", messageBytesMax: 9, sendBufferBytesMax: 9, idleMs: 60_000, upgrade: () => ({ accept: 1 }), open: () => {}, message: () => {}, close: () => {} };
  const listening = await listen({ host: "127.0.0.1", port: 0, trustedProxies: [], httpBodyBytes: 9, requestHeadMs: 9_000, http: [], sockets: [route] });
  const peer = connect(listening.port, "127.0.0.1").unref();
  peer.write(upgradeRequest("/ws"));
  peer.once("data", async () => {
    await listening.close();
    console.log("closed", listening.kind);
  });
`;

function exiting({ kind }: ListenerSubject): void {
  it("[LS26] a listener that is closed keeps no process alive", async () => {
    const args = ["--input-type=module-typescript", "--no-warnings", "-e", LIFE, kind];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 10_000 });
    expect(stdout).toBe(`closed ${kind}\n`);
  });
}

function encrypted(rig: Rig): void {
  it("[LS27] HTTP and sockets by TLS, and routes know it", async () => {
    const { route, seen } = recordingRoute({
      ...echo,
      upgrade: (head) => {
        seen.heads.push(head);
        return { accept: "" };
      },
    });
    const handle = ({ secure }: { secure: boolean }) => ({ status: 200, body: String(secure) });
    const opened = await rig.open({ tls: testTls, sockets: [route], http: [get("/", handle)] });
    const peer = await rig.peers.ws(`${opened.ws}/ws`);
    peer.socket.send(Buffer.alloc(9_000, 1));
    await until(() => peer.messages.length === 1);
    expect(peer.messages).toEqual([Buffer.alloc(9_000, 1)]);
    expect(seen.heads[0]!.secure).toBe(true);
    const raw = rig.peers.raw(opened.port, { tls: true });
    raw.socket.write("GET / HTTP/1.1\r\nhost: test\r\n\r\n");
    await until(() => raw.text.endsWith("true"));
    seen.sockets[0]!.close(4000, "bye");
    expect(await until(() => peer.closed)).toEqual({ code: 4000, reason: "bye" });
    const plain = rig.peers.raw(opened.port);
    plain.socket.write("GET / HTTP/1.1\r\nhost: test\r\n\r\n");
    await until(() => plain.hasClosed);
  });

  it("[LS27] certificates that cannot be used refuse to start, by name", async () => {
    const { certFile, keyFile } = testTls;
    await expect(rig.open({ tls: { certFile: "/nowhere.pem", keyFile } })).rejects.toThrow("/nowhere.pem");
    await expect(rig.open({ tls: { certFile, keyFile: certFile } })).rejects.toThrow(certFile);
  });
}
