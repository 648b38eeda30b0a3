import { Protocol } from "@colyseus/core";
import { errorCatalogue } from "@frontrow/shared/errors.ts";
import { TokenBucket } from "@frontrow/shared/token-bucket.ts";
import { beforeEach, describe, expect, it } from "vitest";
import { type FakeSocket, fakeSocket } from "../../test/support/game-server/fakes.ts";
import type { GameServerEvent } from "../observe.ts";
import { Connection } from "./connection.ts";
import { createOutbox, type Outbox } from "./outbox.ts";
import { SeatClient } from "./seat-client.ts";

let outbox: Outbox;
let socket: FakeSocket;
let connection: Connection;
let now = 0;
const events: GameServerEvent[] = [];

beforeEach(() => {
  now = 0;
  events.length = 0;
  outbox = createOutbox();
  socket = fakeSocket();
  connection = new Connection(socket, new TokenBucket(10, 20, 0), {
    outbox,
    clientFrame: { isRead: false },
    reportFault: (where) => void events.push({ kind: "room-threw", where, mode: "" }),
    observe: (event) => void events.push(event),
    nowMs: () => now,
  });
});

const frame = (...bytes: number[]) => Uint8Array.from(bytes);

describe("what a client is sent", () => {
  it("[GS25] leaves at once outside a turn, and in one cork at the end of a turn", () => {
    connection.send(frame(1));
    outbox.collect(() => {
      connection.send(frame(2));
      connection.send(frame(3));
      expect(socket.corks).toEqual([[frame(1)]]);
    });
    connection.send(frame(4));
    expect(socket.corks).toEqual([[frame(1)], [frame(2), frame(3)], [frame(4)]]);
  });

  it("[GS25] a buffer that its owner uses again is sent as it was, where the owner flushes first", () => {
    const reused = frame(1);
    outbox.collect(() => {
      connection.send(reused);
      outbox.flush();
      reused[0] = 2;
      connection.send(reused);
    });
    expect(socket.corks.flat()).toEqual([frame(1), frame(2)]);
  });

  it("[GS25] a turn that throws sends what it had", () => {
    const turn = () =>
      outbox.collect(() => {
        connection.send(frame(1));
        throw new Error("room");
      });
    expect(turn).toThrow("room");
    expect(socket.corks.flat()).toEqual([frame(1)]);
    expect(outbox.collecting).toBe(false);
  });

  it("[GS25] a frame that went nowhere ends the connection, once; one that waits is counted", () => {
    socket.result = "queued";
    connection.send(frame(1));
    expect([connection.queued, socket.isOpen]).toEqual([1, true]);
    socket.result = "dropped";
    outbox.collect(() => {
      connection.send(frame(2));
      connection.send(frame(3));
    });
    // Upon 4010 SDKs connect again.
    expect(socket.closes).toEqual([{ code: 4010, reason: "TOO_SLOW" }]);
    expect(events).toEqual([
      { kind: "slow-client", action: "queued" },
      { kind: "slow-client", action: "closed" },
    ]);
    connection.send(frame(4));
    expect(socket.corks.flat()).toHaveLength(3);
  });

  it("[GS25] a close sends what waits first, and carries only codes that may be on a wire", () => {
    outbox.collect(() => {
      connection.send(frame(1));
      connection.end(4000, "ü".repeat(100));
    });
    expect(socket.corks.flat()).toEqual([frame(1)]);
    expect(Buffer.byteLength(socket.closes[0]!.reason)).toBeLessThanOrEqual(123);
    connection.end(1006);
    expect(socket.closes[1]!.code).toBe(1000);
  });
});

describe("what a client sends", () => {
  it("[GS22] reaches the room as a copy", () => {
    const heard: Buffer[] = [];
    connection.on("message", (message: Buffer) => heard.push(message));
    const sent = frame(Protocol.ROOM_DATA, 0xa1, 0x61);
    connection.receive(sent, false);
    sent.fill(0);
    expect(heard).toEqual([Buffer.from([Protocol.ROOM_DATA, 0xa1, 0x61])]);
  });

  it("[GS22] a frame that breaks the protocol, or text, never reaches the room", () => {
    connection.on("message", () => expect.fail("reached the room"));
    connection.receive(frame(99), false);
    expect(socket.closes).toEqual([{ code: errorCatalogue.BAD_MESSAGE.close, reason: "BAD_MESSAGE" }]);
    connection.receive(frame(Protocol.PING), true);
    expect(socket.closes).toHaveLength(2);
  });

  it("[GS23] is limited to the rate, averaged over two seconds", () => {
    let heard = 0;
    connection.on("message", () => heard++);
    for (let i = 0; i < 20; i++) connection.receive(frame(Protocol.PING), false);
    now = 1_000;
    for (let i = 0; i < 10; i++) connection.receive(frame(Protocol.PING), false);
    expect([heard, socket.isOpen]).toEqual([30, true]);
    connection.receive(frame(Protocol.PING), false);
    expect([heard, socket.closes[0]?.code]).toEqual([30, errorCatalogue.RATE_LIMITED.close]);
  });

  it("[GS23] a large message counts for every kilobyte that it begins", () => {
    let heard = 0;
    connection.on("message", () => heard++);
    const large = new Uint8Array(9 * 1_024).fill(0x61);
    large.set([Protocol.ROOM_DATA, 0xa1]);
    connection.receive(large, false);
    connection.receive(large, false);
    expect([heard, socket.isOpen]).toEqual([2, true]);
    connection.receive(frame(Protocol.PING), false);
    expect(socket.closes[0]?.code).toBe(errorCatalogue.RATE_LIMITED.close);
  });

  it("[GS24] a room that throws on it is reported, and the connection goes on", () => {
    connection.on("message", () => {
      throw new Error("room");
    });
    connection.receive(frame(Protocol.PING), false);
    expect([events[0]?.kind, socket.isOpen]).toEqual(["room-threw", true]);
  });
});

describe("the client object", () => {
  it("[GS13] its reconnection token starts with its session, however often Colyseus passes it on", () => {
    const client = new SeatClient("s1", connection);
    client.reconnectionToken = "random";
    expect(client.reconnectionToken).toBe("s1.random");
    client.reconnectionToken = client.reconnectionToken.slice();
    expect(client.reconnectionToken).toBe("s1.random");
  });

  it("[GS12] follows the connection that Colyseus points it at", () => {
    const client = new SeatClient("s1", connection);
    socket.isOpen = false;
    expect(client.readyState).not.toBe(1);
    client.ref = new Connection(fakeSocket(), new TokenBucket(1, 1, 0), {
      outbox,
      clientFrame: { isRead: false },
      reportFault: () => {},
      observe: () => {},
      nowMs: () => 0,
    });
    expect(client.readyState).toBe(1);
  });
});
