import { expect, it } from "vitest";
import type { Socket } from "../../../listener/listener.ts";
import { frame } from "../../support/sockets.ts";
import { echo, type Rig, recordingRoute, until } from "./rig.ts";

export function messageRules(rig: Rig): void {
  wholeMessages(rig);
  pings(rig);
  corks(rig);
}

function wholeMessages(rig: Rig): void {
  it("[LS1] text comes back as text and binary as binary, empty ones and other alphabets too", async () => {
    const { route } = recordingRoute(echo);
    const { ws } = await rig.open({ sockets: [route] });
    const peer = await rig.peers.ws(`${ws}/ws`);
    const sent = ["hello", "", "日本 ✓ 🎲", Buffer.from([0, 255, 20]), Buffer.alloc(0), Buffer.alloc(9_000, 7)];
    for (const each of sent) peer.socket.send(each);
    await until(() => peer.messages.length === sent.length);
    expect(peer.messages).toEqual(sent);
  });

  it("[LS1] fragments arrive as one message, with a ping between them", async () => {
    const { route, seen } = recordingRoute(echo);
    const { port } = await rig.open({ sockets: [route] });
    const { socket } = await rig.peers.upgraded(port, "/ws");
    socket.write(frame(1, "one ", { fin: false }));
    socket.write(frame(9, "in between"));
    socket.write(frame(0, "two ", { fin: false }));
    socket.write(frame(0, "three"));
    await until(() => seen.messages.length > 0);
    expect(seen.messages).toEqual(["one two three"]);
  });

  it("[LS1] what a route sends while it opens arrives first", async () => {
    const { route } = recordingRoute({ ...echo, open: (socket) => void socket.send("welcome") });
    const { ws } = await rig.open({ sockets: [route] });
    const peer = await rig.peers.ws(`${ws}/ws`);
    peer.socket.send("hi");
    await until(() => peer.messages.length === 2);
    expect(peer.messages).toEqual(["welcome", "hi"]);
  });

  it("[LS1] a view into a larger buffer sends only its own bytes", async () => {
    const bytes = Uint8Array.from([1, 2, 3, 4, 5]);
    const { route } = recordingRoute({ open: (socket) => void socket.send(bytes.subarray(1, 3)) });
    const { ws } = await rig.open({ sockets: [route] });
    const peer = await rig.peers.ws(`${ws}/ws`);
    await until(() => peer.messages.length === 1);
    expect(peer.messages).toEqual([Buffer.from([2, 3])]);
  });
}

function pings(rig: Rig): void {
  it("[LS9] a ping comes back as a pong with its payload; one over 125 bytes throws", async () => {
    const { route, seen } = recordingRoute();
    const { ws } = await rig.open({ sockets: [route] });
    await rig.peers.ws(`${ws}/ws`);
    const socket = await until(() => seen.sockets[0]);
    socket.ping(Buffer.from("12345678"));
    socket.ping(Buffer.alloc(125, 1));
    await until(() => seen.pongs.length === 2);
    expect(seen.pongs).toEqual([Buffer.from("12345678"), Buffer.alloc(125, 1)]);
    expect(() => socket.ping(Buffer.alloc(126))).toThrow(RangeError);
    expect(socket.isOpen).toBe(true);
  });

  it("[LS9] a peer's ping is answered with its payload", async () => {
    const { route, seen } = recordingRoute();
    const { ws } = await rig.open({ sockets: [route] });
    const peer = await rig.peers.ws(`${ws}/ws`);
    peer.socket.ping("are you there");
    await until(() => peer.pongs.length === 1);
    expect(peer.pongs).toEqual([Buffer.from("are you there")]);
    expect(seen.pongs).toEqual([]);
  });
}

function corks(rig: Rig): void {
  it("[LS11] what is sent in a cork arrives in order, across sockets and nested corks", async () => {
    const { route, seen } = recordingRoute();
    const { ws } = await rig.open({ sockets: [route] });
    const peers = [await rig.peers.ws(`${ws}/ws`), await rig.peers.ws(`${ws}/ws`)];
    await until(() => seen.sockets.length === 2);
    const [one, two] = seen.sockets as [Socket, Socket];
    const results: string[] = [];
    one.cork(() => {
      results.push(one.send("a"), one.send(Buffer.alloc(20_000, 1)));
      two.cork(() => results.push(two.send("x"), one.send("b"), two.send("y")));
      one.cork(() => results.push(one.send("c")));
    });
    await until(() => peers[0]!.messages.length === 4 && peers[1]!.messages.length === 2);
    expect(peers[0]!.messages).toEqual(["a", Buffer.alloc(20_000, 1), "b", "c"]);
    expect(peers[1]!.messages).toEqual(["x", "y"]);
    expect(results).toEqual(["sent", "sent", "sent", "sent", "sent", "sent"]);
  });

  it("[LS11] an exception in a cork reaches its caller, and the socket goes on", async () => {
    const { route, seen } = recordingRoute();
    const { ws } = await rig.open({ sockets: [route] });
    const peer = await rig.peers.ws(`${ws}/ws`);
    const socket = await until(() => seen.sockets[0]);
    const failing = () =>
      socket.cork(() => {
        socket.send("before");
        throw new Error("in the middle");
      });
    expect(failing).toThrow("in the middle");
    socket.send("after");
    await until(() => peer.messages.length === 2);
    expect(peer.messages).toEqual(["before", "after"]);
  });

  it("[LS11] a socket may be closed inside its own cork", async () => {
    const { route, seen } = recordingRoute();
    const { ws } = await rig.open({ sockets: [route] });
    const peer = await rig.peers.ws(`${ws}/ws`);
    const socket = await until(() => seen.sockets[0]);
    socket.cork(() => {
      socket.send("last words");
      socket.close(4000, "done");
      expect(socket.send("too late")).toBe("dropped");
    });
    await until(() => peer.closed);
    expect(peer.messages).toEqual(["last words"]);
    expect(peer.closed).toEqual({ code: 4000, reason: "done" });
  });
}
