import { expect, it } from "vitest";
import type { Socket } from "../../../listener/listener.ts";
import { frame } from "../../support/sockets.ts";
import { upgradeRequest } from "../../support/upgrade-request.ts";
import { echo, type ListenerSubject, type Rig, recordingRoute, until } from "./rig.ts";

const SEED = Number(process.env.SEED ?? 7);

/** Whole numbers below its argument, the same for the same seed. */
function seeded(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

export function endingRules(rig: Rig, subject: ListenerSubject): void {
  onceEach(rig);
  codes(rig);
  mutePeers(rig, subject);
  closedSockets(rig);
  failingRoutes(rig);
}

function onceEach(rig: Rig): void {
  const endings: Array<[name: string, end: (socket: Socket, peer: import("ws").WebSocket) => void, code: number]> = [
    ["the route closes", (socket) => socket.close(4000, "bye"), 4000],
    ["the route terminates", (socket) => socket.terminate(), 1006],
    ["the peer closes", (_, peer) => peer.close(4001, "bye"), 4001],
    ["the peer closes without a code", (_, peer) => peer.close(), 1005],
    ["the peer vanishes", (_, peer) => peer.terminate(), 1006],
    [
      "both close at once",
      (socket, peer) => {
        peer.close(4001);
        socket.close(4000, "");
      },
      4000,
    ],
    [
      "the route closes twice and terminates",
      (socket) => {
        socket.close(4000, "");
        socket.close(4002, "");
        socket.terminate();
      },
      4000,
    ],
  ];
  for (const [name, end, code] of endings) {
    it(`[LS10] exactly one close for an open: ${name}`, async () => {
      const { route, seen } = recordingRoute();
      const opened = await rig.open({ sockets: [route] });
      const peer = await rig.peers.ws(`${opened.ws}/ws`);
      const socket = await until(() => seen.sockets[0]);
      end(socket, peer.socket);
      await until(() => peer.closed && seen.closes.length > 0);
      await opened.close();
      expect(seen.closes.map((close) => close.code)).toEqual([code]);
      expect(seen.sockets.length).toBe(1);
    });
  }

  it("[LS10] exactly one close for an open, in whatever order things happen", async () => {
    const random = seeded(SEED);
    const opens = new Map<Socket, number>();
    const act = (socket: Socket) => {
      const roll = random(20);
      if (roll === 0) socket.close(4000, "rolled");
      else if (roll === 1) socket.terminate();
      else if (roll === 2) throw new Error("rolled");
      else if (roll < 6) socket.cork(() => socket.send("corked") && act(socket));
      else if (roll < 9) socket.ping(Buffer.from("p"));
      else socket.send(Buffer.alloc(random(40_000)));
    };
    const { route } = recordingRoute({
      open: (socket) => {
        opens.set(socket, 0);
        act(socket);
      },
      message: act,
      pong: act,
      drained: act,
      close: (socket) => {
        opens.set(socket, opens.get(socket)! + 1);
        act(socket);
      },
    });
    const opened = await rig.open({ sockets: [route] });
    for (let i = 0; i < 60; i++) {
      const { socket } = rig.peers.raw(opened.port);
      socket.write(upgradeRequest("/ws"));
      await until(() => opens.size === i + 1);
      if (random(4) === 0) socket.pause();
      for (let sends = random(30); sends > 0; sends--) socket.write(frame(random(3) === 0 ? 9 : 1, "x"));
      if (random(4) === 0) socket.resetAndDestroy();
      else if (random(3) === 0) socket.end(frame(8));
    }
    await opened.close();
    expect(opens.size, `seed ${SEED}`).toBe(60);
    expect(
      [...opens.values()].filter((closes) => closes !== 1),
      `seed ${SEED}`,
    ).toEqual([]);
  });

  it("[LS10] a route hears nothing of a socket that it has closed", async () => {
    const { route, seen } = recordingRoute({ message: (socket) => socket.close(4000, "") });
    const { port } = await rig.open({ sockets: [route] });
    const { socket } = await rig.peers.upgraded(port, "/ws");
    socket.write(Buffer.concat([frame(1, "one"), frame(1, "two"), frame(10, "pong"), frame(1, "three")]));
    await until(() => seen.closes.length === 1);
    socket.write(frame(1, "four"));
    await rig.close();
    expect(seen).toMatchObject({ messages: ["one"], pongs: [], closes: [{ code: 4000, reason: "" }] });
  });
}

function codes(rig: Rig): void {
  it("[LS12] code and reason travel both ways; one that may not travel becomes 1011, a long reason is cut", async () => {
    const { route, seen } = recordingRoute({
      message: (socket, bytes) => {
        const [code, reason] = JSON.parse(Buffer.from(bytes).toString());
        socket.close(code, reason);
      },
    });
    const { ws } = await rig.open({ sockets: [route] });
    const closedWith = async (code: number, reason: string) => {
      const peer = await rig.peers.ws(`${ws}/ws`);
      peer.socket.send(JSON.stringify([code, reason]));
      return until(() => peer.closed);
    };
    expect(await closedWith(1000, "")).toEqual({ code: 1000, reason: "" });
    expect(await closedWith(4349, "too slow ✓")).toEqual({ code: 4349, reason: "too slow ✓" });
    for (const code of [0, 999, 1005, 1006, 1015, 2999, 5000, 4000.5]) {
      expect(await closedWith(code, "x")).toEqual({ code: 1011, reason: "x" });
    }
    expect(await closedWith(4000, "é".repeat(100))).toEqual({ code: 4000, reason: "é".repeat(61) });

    seen.closes.length = 0;
    const leaving = await rig.peers.ws(`${ws}/ws`);
    leaving.socket.close(4010, "to the menu");
    await until(() => seen.closes.length === 1);
    expect(seen.closes).toEqual([{ code: 4010, reason: "to the menu" }]);
  });
}

function mutePeers(rig: Rig, { muteMs }: ListenerSubject): void {
  it("[LS13] a peer that reads but never answers a close sees the end within two seconds, and is cut", async () => {
    const { route, seen } = recordingRoute();
    const { port } = await rig.open({ sockets: [route] });
    const mute = await rig.peers.upgraded(port, "/ws", { allowHalfOpen: true });
    seen.sockets[0]!.close(4000, "bye");
    expect(seen.closes).toEqual([{ code: 4000, reason: "bye" }]);
    await until(() => mute.hasEnded, 2_500);
    expect(mute.text.endsWith("\x88\x05\x0f\xa0bye")).toBe(true);
    const talking = setInterval(() => mute.socket.write(frame(1, "still here")), 50);
    await until(() => mute.hasClosed, muteMs + 1_500).finally(() => clearInterval(talking));
    expect(seen).toMatchObject({ messages: [], closes: [{ code: 4000 }] });
  });

  it("[LS13] a peer that does not read is cut within two seconds of a close", async () => {
    const { route, seen } = recordingRoute({ sendBufferBytesMax: 1_000_000 });
    const { port } = await rig.open({ sockets: [route] });
    const mute = await rig.peers.upgraded(port, "/ws");
    mute.socket.pause();
    const socket = await until(() => seen.sockets[0]);
    while (socket.buffered() === 0) socket.send(Buffer.alloc(65_536));
    socket.close(4000, "bye");
    expect(seen.closes).toEqual([{ code: 4000, reason: "bye" }]);
    const knocking = setInterval(() => mute.socket.write(frame(9)), 50);
    await until(() => mute.hasClosed, 2_500).finally(() => clearInterval(knocking));
  });
}

function closedSockets(rig: Rig): void {
  const enders: Array<[string, (socket: Socket) => void]> = [
    ["closed", (socket) => socket.close(4000, "")],
    ["terminated", (socket) => socket.terminate()],
  ];
  for (const [name, end] of enders) {
    it(`[LS14] all methods of a ${name} socket do nothing, inside its close and ever after`, async () => {
      const tried: unknown[] = [];
      const tryAll = (socket: Socket) => {
        socket.cork(() => tried.push("corked"));
        socket.ping(Buffer.from("x"));
        socket.close(4003, "again");
        socket.terminate();
        tried.push(socket.isOpen, socket.send("x"), socket.send(Buffer.from("x")), socket.data, socket.address);
      };
      const { route, seen } = recordingRoute({ upgrade: () => ({ accept: "mine" }), close: tryAll });
      const { ws } = await rig.open({ sockets: [route] });
      const peer = await rig.peers.ws(`${ws}/ws`);
      const socket = await until(() => seen.sockets[0]);
      end(socket);
      tryAll(socket);
      await until(() => peer.closed);
      tryAll(socket);
      expect(socket.buffered()).toBe(0);
      const nothing = [false, "dropped", "dropped", "mine", "127.0.0.1"];
      expect(tried).toEqual([...nothing, ...nothing, ...nothing]);
      expect(seen.closes.length).toBe(1);
    });
  }
}

function failingRoutes(rig: Rig): void {
  const fail = () => {
    throw new Error("a bug in a route");
  };
  for (const callback of ["open", "message", "pong"] as const) {
    it(`[LS16] a route that throws in ${callback} loses that connection with 1011, and no other`, async () => {
      const { route, seen } = recordingRoute({ [callback]: fail });
      const healthy = recordingRoute({ ...echo, path: "/healthy" });
      const { ws, failures } = await rig.open({ sockets: [route, healthy.route] });
      const neighbour = await rig.peers.ws(`${ws}/healthy`);
      const peer = await rig.peers.ws(`${ws}/ws`);
      if (callback === "message") peer.socket.send("hi");
      if (callback === "pong") peer.socket.pong("hi");
      expect(await until(() => peer.closed)).toEqual({ code: 1011, reason: "" });
      expect(failures).toEqual([new Error("a bug in a route")]);
      expect(seen.closes).toEqual([{ code: 1011, reason: "" }]);
      neighbour.socket.send("well?");
      await until(() => neighbour.messages.length === 1);
    });
  }

  it("[LS16] a route that throws in close is reported", async () => {
    const { route, seen } = recordingRoute({ close: fail });
    const { ws, failures } = await rig.open({ sockets: [route] });
    const peer = await rig.peers.ws(`${ws}/ws`);
    peer.socket.close();
    await until(() => seen.closes.length === 1);
    expect(failures).toEqual([new Error("a bug in a route")]);
  });
}
