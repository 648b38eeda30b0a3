import { expect, it } from "vitest";
import { frame } from "../../support/sockets.ts";
import { echo, type ListenerSubject, type Rig, recordingRoute, until } from "./rig.ts";

export function junkRules(rig: Rig, { refusesUnmasked }: ListenerSubject): void {
  const frames: Array<[string, Buffer]> = [
    ["a reserved opcode", frame(3, "hi")],
    ["a reserved bit", Buffer.concat([Buffer.from([0xc1, 0x80]), Buffer.alloc(4)])],
    ["text that is not UTF-8", frame(1, Buffer.from([0xff, 0xfe]))],
    ["a ping of 126 bytes", frame(9, Buffer.alloc(126))],
    ["a fragmented ping", frame(9, "x", { fin: false })],
    ["a continuation of nothing", frame(0, "hi")],
    ["a length of 2^63", Buffer.from([0x82, 0xff, 0x7f, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0])],
    ["HTTP in the middle", Buffer.from("GET / HTTP/1.1\r\nhost: test\r\n\r\n")],
  ];
  if (refusesUnmasked) frames.push(["an unmasked frame", frame(1, "hi", { masked: false })]);
  for (const [name, bytes] of frames) {
    it(`[LS28] ${name} ends that connection, and no other`, async () => {
      const { route, seen } = recordingRoute(echo);
      const { port, ws, failures } = await rig.open({ sockets: [route] });
      const neighbour = await rig.peers.ws(`${ws}/ws`);
      const bad = await rig.peers.upgraded(port, "/ws");
      bad.socket.write(bytes);
      await until(() => bad.hasClosed && seen.closes.length === 1);
      neighbour.socket.send("fine");
      await until(() => neighbour.messages.length === 1);
      expect(seen.messages).toEqual(["fine"]);
      expect(failures).toEqual([]);
    });
  }

  const requests: Array<[string, string]> = [
    ["noise", "\x16\x03\x01\x00 not HTTP\r\n\r\n"],
    [
      "two ways to end a body",
      "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    ["a length that is none", "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\nabc"],
    ["a chunk size that is none", "POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n"],
    ["another version", "GET / HTTP/9.9\r\nhost: x\r\n\r\n"],
  ];
  for (const [name, text] of requests) {
    it(`[LS28] ${name} instead of a request ends that connection, and no other`, async () => {
      const handle = () => ({ status: 200, body: "handled" });
      const { http, port, failures } = await rig.open({
        http: [{ method: "ANY", path: "/", handle }],
        requestHeadMs: 1_000,
      });
      const bad = rig.peers.raw(port);
      bad.socket.write(text, "latin1");
      await until(() => bad.hasClosed);
      expect(bad.text).toMatch(/^(HTTP\/1.1 [45]\d\d |$)/);
      expect(await (await fetch(http)).text()).toBe("handled");
      expect(failures).toEqual([]);
    });
  }
}
