import { expect, it } from "vitest";
import { frame } from "../../support/sockets.ts";
import { type ListenerSubject, type Rig, recordingRoute, until } from "./rig.ts";

/** More than the kernel takes for a peer that does not read. */
const ENOUGH = 64 * 1024 * 1024;

export function pressureRules(rig: Rig, subject: ListenerSubject): void {
  queueing(rig);
  bounds(rig, subject);
}

function queueing(rig: Rig): void {
  it("[LS6] sends are sent, then queued behind a peer that does not read, then it is told once that all is gone", async () => {
    const { route, seen } = recordingRoute({ sendBufferBytesMax: ENOUGH });
    const { ws } = await rig.open({ sockets: [route] });
    const peer = await rig.peers.ws(`${ws}/ws`);
    const socket = await until(() => seen.sockets[0]);
    peer.socket.pause();
    const results: string[] = [];
    for (let i = 0; i < 1_000 && results.at(-1) !== "queued"; i++) results.push(socket.send(Buffer.alloc(65_536, i)));
    results.push(socket.send("the last"));
    expect(results[0]).toBe("sent");
    expect(results.slice(-2)).toEqual(["queued", "queued"]);
    expect(socket.buffered()).toBeGreaterThan(0);
    expect(seen.drained).toBe(0);

    peer.socket.resume();
    await until(() => seen.drained > 0);
    expect(socket.buffered()).toBe(0);
    await until(() => peer.messages.at(-1) === "the last");
    expect(peer.messages.length).toBe(results.length);
    expect(socket.send("once more")).toBe("sent");
    await until(() => peer.messages.at(-1) === "once more");
    expect(seen.drained).toBe(1);
  });

  it("[LS6] a cork that did not leave at once is told when it has", async () => {
    const { route, seen } = recordingRoute({ sendBufferBytesMax: ENOUGH });
    const { ws } = await rig.open({ sockets: [route] });
    const peer = await rig.peers.ws(`${ws}/ws`);
    const socket = await until(() => seen.sockets[0]);
    peer.socket.pause();
    // Small enough for uWebSockets' cork buffer, so that the send itself cannot know.
    const results: string[] = [];
    while (socket.buffered() === 0) socket.cork(() => results.push(socket.send(Buffer.alloc(8_192))));
    expect(results.at(-1)).toBe("sent");
    peer.socket.resume();
    await until(() => seen.drained === 1);
    expect(socket.buffered()).toBe(0);
  });

  it("[LS8] bytes may be reused as soon as send has returned, even if they wait", async () => {
    const { route, seen } = recordingRoute({ sendBufferBytesMax: ENOUGH });
    const { ws } = await rig.open({ sockets: [route] });
    const peer = await rig.peers.ws(`${ws}/ws`);
    const socket = await until(() => seen.sockets[0]);
    peer.socket.pause();
    const reused = new Uint8Array(60_000);
    let sent = 0;
    for (let behind = 0; behind < 20; sent++) {
      reused.fill(sent);
      if (socket.send(reused) === "queued") behind++;
    }
    reused.fill(255);
    peer.socket.resume();
    await until(() => peer.messages.length === sent);
    const wrong = peer.messages.filter((bytes, i) => !Buffer.alloc(60_000, i).equals(bytes as Buffer));
    expect(wrong.length).toBe(0);
  });
}

function bounds(rig: Rig, { muteMs }: ListenerSubject): void {
  it("[LS7] over its bound a socket drops, is closed with 1013, and is soon cut; its neighbour goes on", async () => {
    const { route, seen } = recordingRoute({ sendBufferBytesMax: 65_536 });
    const { port, ws } = await rig.open({ sockets: [route] });
    const stalled = await rig.peers.upgraded(port, "/ws");
    const neighbour = await rig.peers.ws(`${ws}/ws`);
    stalled.socket.pause();
    const [socket, other] = seen.sockets;
    let most = 0;
    let result = "";
    for (let i = 0; i < 5_000 && result !== "dropped"; i++) {
      result = socket!.send(Buffer.alloc(8_192));
      most = Math.max(most, socket!.buffered());
    }
    expect(result).toBe("dropped");
    expect(most).toBeLessThanOrEqual(65_536 + 8_192 + 100);
    expect(seen.closes).toEqual([{ code: 1013, reason: "" }]);
    expect(socket!.isOpen).toBe(false);

    expect(other!.send("still here")).toBe("sent");
    await until(() => neighbour.messages.length === 1);
    // Only writing shows a peer that does not read that nobody is there any more.
    const knocking = setInterval(() => stalled.socket.write(frame(9)), 50);
    await until(() => stalled.hasClosed, muteMs + 1_500).finally(() => clearInterval(knocking));
    expect(seen.closes.length).toBe(1);
  });

  it("[LS7] a peer that reads again in time is told 1013", async () => {
    const { route, seen } = recordingRoute({ sendBufferBytesMax: 65_536 });
    const { ws } = await rig.open({ sockets: [route] });
    const peer = await rig.peers.ws(`${ws}/ws`);
    const socket = await until(() => seen.sockets[0]);
    peer.socket.pause();
    let sent = 0;
    while (socket.send(Buffer.alloc(8_192)) !== "dropped") sent++;
    peer.socket.resume();
    await until(() => peer.closed);
    expect(peer.closed).toEqual({ code: 1013, reason: "" });
    expect(peer.messages.length).toBe(sent);
  });

  it("[LS7] answers to pings are held to the same bound", async () => {
    const { route, seen } = recordingRoute({ sendBufferBytesMax: 4_096 });
    const { port } = await rig.open({ sockets: [route] });
    const peer = await rig.peers.upgraded(port, "/ws");
    peer.socket.pause();
    const socket = await until(() => seen.sockets[0]);
    while (socket.buffered() === 0) socket.send(Buffer.alloc(2_048));
    const flood = Buffer.concat(Array.from({ length: 1_000 }, () => frame(9, Buffer.alloc(125))));
    peer.socket.write(Buffer.concat([flood, frame(1, "after the flood")]));
    await until(() => seen.messages.length === 1);
    expect(socket.buffered()).toBeLessThan(4_096 + 2_048 + 300);
  });

  for (const fragments of [1, 3]) {
    it(`[LS5] a message over its bound in ${fragments} frame(s) ends the connection and is not delivered`, async () => {
      const { route, seen } = recordingRoute({ messageBytesMax: 1_000 });
      const { port } = await rig.open({ sockets: [route] });
      const { socket } = await rig.peers.upgraded(port, "/ws");
      socket.write(frame(2, Buffer.alloc(1_000)));
      await until(() => seen.messages.length === 1);
      for (let i = 0; i < fragments; i++) {
        socket.write(frame(i === 0 ? 2 : 0, Buffer.alloc(Math.ceil(1_001 / fragments)), { fin: i === fragments - 1 }));
      }
      await until(() => seen.closes.length === 1);
      expect(seen.messages.length).toBe(1);
      expect(seen.closes[0]!.code).toBe(1006);
    });
  }
}
