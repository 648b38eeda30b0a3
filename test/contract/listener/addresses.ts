import { expect, it } from "vitest";
import { WebSocket } from "ws";
import { get, type Rig, recordingRoute, until } from "./rig.ts";

export function addressRules(rig: Rig): void {
  const cases: Array<[trusted: string[], sent: Record<string, string>, address: string, secure: boolean]> = [
    [[], { "x-forwarded-for": "9.9.9.9", "x-forwarded-proto": "https" }, "127.0.0.1", false],
    [["10.0.0.0/8"], { "x-forwarded-for": "9.9.9.9", "x-forwarded-proto": "https" }, "127.0.0.1", false],
    [["127.0.0.1"], { "x-forwarded-for": "9.9.9.9", "x-forwarded-proto": "https" }, "9.9.9.9", true],
    [["127.0.0.0/8", "10.0.0.0/8"], { "x-forwarded-for": "6.6.6.6, 9.9.9.9, 10.1.2.3" }, "9.9.9.9", false],
    [["127.0.0.1"], {}, "127.0.0.1", false],
  ];
  for (const [trusted, headers, address, secure] of cases) {
    it(`[LS23] proxies ${trusted} sending ${JSON.stringify(headers)}: ${address}`, async () => {
      const { route, seen } = recordingRoute({
        upgrade: (head) => {
          seen.heads.push(head);
          return { accept: "" };
        },
      });
      const handle = ({ address, secure }: { address: string; secure: boolean }) => ({
        status: 200,
        body: JSON.stringify({ address, secure }),
      });
      const { http, ws } = await rig.open({ trustedProxies: trusted, http: [get("/", handle)], sockets: [route] });
      expect(await (await fetch(http, { headers })).json()).toEqual({ address, secure });
      await rig.peers.ws(`${ws}/ws`, [], { headers });
      expect(seen.sockets[0]!.address).toBe(address);
      expect(seen.heads[0]).toMatchObject({ address, secure });
    });
  }

  it("[LS23] a hidden second header is read as well", async () => {
    const { http } = await rig.open({
      trustedProxies: ["127.0.0.1"],
      http: [get("/", ({ address }) => ({ status: 200, body: address }))],
    });
    const { hostname, port } = new URL(http);
    const peer = rig.peers.raw(Number(port), { host: hostname });
    peer.socket.write("GET / HTTP/1.1\r\nhost: x\r\nx-forwarded-for: 6.6.6.6\r\nX-Forwarded-For: 9.9.9.9\r\n\r\n");
    await until(() => peer.text.endsWith("9.9.9.9"));
  });

  it("[LS23] an IPv6 peer has one spelling", async () => {
    const { port } = await rig.open({
      host: "::1",
      http: [get("/", ({ address }) => ({ status: 200, body: `<${address}>` }))],
    });
    expect(await (await fetch(`http://[::1]:${port}/`)).text()).toBe("<::1>");
  });

  it("[LS23] an IPv4 peer of an IPv6 listener is named as IPv4", async () => {
    const { route, seen } = recordingRoute();
    const { port } = await rig.open({ host: "::", sockets: [route] });
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`);
    await until(() => seen.sockets[0]);
    socket.terminate();
    expect(seen.sockets[0]!.address).toBe("127.0.0.1");
  });

  it("[LS24] an entry that is no address and no range refuses to start, by name", async () => {
    for (const entry of ["proxy.internal", "10.0.0.0/33", "10.0.0.0/8/8", "::1/129", "10.0.0/8", ""]) {
      await expect(rig.open({ trustedProxies: ["10.0.0.1", entry] })).rejects.toThrow(`"${entry}"`);
    }
  });
}
