/** Bytes that no honest client sends. */
import { errorCatalogue } from "@frontrow/shared/errors.ts";
import { expect, it } from "vitest";
import { asks, eventually } from "../../support/game-server/sdk.ts";
import type { WsPeer } from "../../support/sockets.ts";
import type { Suite } from "../game-server.ts";

const closeOf = (code: keyof typeof errorCatalogue) => errorCatalogue[code].close;

export function badInputContract(suite: Suite) {
  /** A bare socket that has joined, as far as Colyseus can tell. */
  async function joined(mode = "plain"): Promise<{ peer: WsPeer; roomId: string }> {
    const seat = await suite.world.seat({ mode });
    const { sid, room: roomId } = seat.claims;
    const peer = await suite.peers.ws(`ws://${suite.world.address}/${seat.token}/${roomId}?sessionId=${sid}`);
    await eventually(() => expect(peer.messages.length).toBeGreaterThan(0));
    peer.socket.send(Uint8Array.of(10));
    return { peer, roomId };
  }

  it("[GS22] frames that break Colyseus' protocol end their sender's connection and harm nobody else", async () => {
    const { world } = suite;
    const witness = await world.join(await world.seat());
    const frames = [
      [],
      [0],
      [11],
      [255],
      [13],
      [13 | 0x80, 0xa1, 0x61],
      [13, 0xdb, 0xff, 0xff, 0xff, 0xff],
      [20, 0, 0xff],
      [0x94, 1, 1, 0, 0, 0, 0, 0xff],
      [0x94, 0xce, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0],
    ];
    for (const frame of frames) {
      const { peer } = await joined();
      peer.socket.send(Uint8Array.from(frame));
      await eventually(() => expect(peer.closed?.code, `[${frame}]`).toBe(closeOf("BAD_MESSAGE")));
    }
    const { peer } = await joined();
    peer.socket.send("text");
    await eventually(() => expect(peer.closed?.code).toBe(closeOf("BAD_MESSAGE")));
    expect(await asks(witness, "echo", "alive")).toBe("alive");
    await witness.leave();
  });

  it("[GS22] input frames that hang a stock room end in BAD_MESSAGE where the room takes inputs", async () => {
    for (const frame of [
      [20, 0, 0xff],
      [0x94, 1, 1, 0, 0, 0, 0, 0xff],
      [0x94, 0xcf, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0],
    ]) {
      const { peer } = await joined("inputs");
      peer.socket.send(Uint8Array.from(frame));
      await eventually(() => expect(peer.closed?.code).toBe(closeOf("BAD_MESSAGE")));
    }
    const { peer } = await joined("inputs");
    peer.socket.send(Uint8Array.of(20, 1, 0));
    peer.socket.send(Uint8Array.of(18));
    await eventually(() => expect(peer.messages.some((frame) => (frame as Buffer)[0] === 18)).toBe(true));
    expect(peer.closed).toBeUndefined();
  });

  it("[GS23] more messages than the limit end the connection with RATE_LIMITED, more bytes with an end", async () => {
    const { peer } = await joined();
    for (let i = 0; i < 2 * suite.world.limits.roomMessagesPerSecond + 50; i++) peer.socket.send(Uint8Array.of(18));
    await eventually(() => expect(peer.closed?.code).toBe(closeOf("RATE_LIMITED")));
    const large = await joined();
    large.peer.socket.send(new Uint8Array(suite.world.limits.roomMessageBytes + 1).fill(13));
    await eventually(() => expect([1006, 1009]).toContain(large.peer.closed?.code));
  });

  it("[GS24] a room that throws on a message, at once or later, keeps its players and its process", async () => {
    const { world } = suite;
    const seat = await world.seat();
    const room = await world.join(seat);
    const threw = () => world.events.filter((event) => event.kind === "room-threw").length;
    const before = threw();
    room.send("throw");
    room.send("reject");
    expect(await asks(room, "echo", "alive")).toBe("alive");
    await eventually(() => expect(threw()).toBe(before + 2));
    expect(await room.request("ask")).toBe("answer");
    await expect(room.request("reject")).rejects.toThrow();
    await expect(room.request("throw")).rejects.toThrow();
    expect(threw()).toBe(before + 4);
    await room.leave();
  });

  it("[GS23] a payload that is no msgpack ends its sender's connection, and is no exception in our log", async () => {
    const { world } = suite;
    const { peer } = await joined();
    const before = world.lines.filter(({ level }) => level === "error").length;
    peer.socket.send(Uint8Array.of(13, 0xa4, ...Buffer.from("echo"), 0x94, 1));
    await eventually(() => expect(peer.closed?.code).toBe(4002));
    expect(world.lines.filter(({ level }) => level === "error")).toHaveLength(before);
  });

  it("[GS39] a player who says nothing stays; a peer that does not even answer pings is closed", async () => {
    const { world } = suite;
    const room = await world.join(await world.seat());
    const seat = await world.seat();
    const { sid, room: roomId } = seat.claims;
    const mute = await suite.peers.upgraded(world.port, `/${seat.token}/${roomId}?sessionId=${sid}`);
    await eventually(() => expect(mute.hasClosed || mute.hasEnded).toBe(true), 4 * world.limits.socketIdleMs);
    expect(room.connection.isOpen).toBe(true);
    expect(await asks(room, "echo", 1)).toBe(1);
    await room.leave();
  });

  it("[GS23] nothing but single PING bytes is answered at /", async () => {
    const peer = await suite.peers.ws(`ws://${suite.world.address}/`);
    peer.socket.send(Uint8Array.of(18));
    await eventually(() => expect(peer.messages).toEqual([Buffer.from([18])]));
    peer.socket.send(Uint8Array.of(13, 1));
    await eventually(() => expect(peer.closed?.code).toBe(closeOf("BAD_MESSAGE")));
  });
}
