import { expect, it } from "vitest";
import { createOriginOf, plainAddress } from "./proxies.ts";

function origin(trusted: string[], peer: string, forwarded: { for?: string; proto?: string } = {}, tls = false) {
  const headers: Record<string, string | undefined> = {
    "x-forwarded-for": forwarded.for,
    "x-forwarded-proto": forwarded.proto,
  };
  const { address, secure } = createOriginOf(trusted)(peer, tls, (name) => headers[name] ?? "");
  return secure ? `${address} by TLS` : address;
}

const named = ["10.0.0.0/8", "fd00::/8", "203.0.113.7"];

it("[LS23] the client is the first hop from the right that is not a named proxy", () => {
  expect(origin(named, "10.0.0.1", { for: "9.9.9.9" })).toBe("9.9.9.9");
  expect(origin(named, "10.0.0.1", { for: "1.1.1.1, 9.9.9.9" })).toBe("9.9.9.9");
  expect(origin(named, "10.0.0.1", { for: "1.1.1.1,9.9.9.9, 203.0.113.7 ,10.2.2.2" })).toBe("9.9.9.9");
  expect(origin(named, "fd00::1", { for: "10.9.9.9, 2001:db8::1" })).toBe("2001:db8::1");
});

it("[LS23] a peer that is not named is the client, whatever it says", () => {
  expect(origin(named, "9.9.9.9", { for: "1.1.1.1", proto: "https" })).toBe("9.9.9.9");
  expect(origin([], "10.0.0.1", { for: "1.1.1.1", proto: "https" })).toBe("10.0.0.1");
  expect(origin(named, "9.9.9.9", {}, true)).toBe("9.9.9.9 by TLS");
});

it("[LS23] a client cannot name itself a proxy, nor hide behind something that is no address", () => {
  expect(origin(named, "10.0.0.1", { for: "1.1.1.1, 10.3.3.3, 9.9.9.9" })).toBe("9.9.9.9");
  expect(origin(named, "10.0.0.1", { for: "1.1.1.1, unknown" })).toBe("10.0.0.1");
  expect(origin(named, "10.0.0.1", { for: "1.1.1.1, evil, 10.2.2.2" })).toBe("10.2.2.2");
  expect(origin(named, "10.0.0.1", { for: "10.4.4.4, 10.3.3.3" })).toBe("10.4.4.4");
  expect(origin(named, "10.0.0.1", { for: ",," })).toBe("10.0.0.1");
});

it("[LS23] TLS is the client's own hop's, whether proxies append or replace", () => {
  expect(origin(named, "10.0.0.1", { for: "9.9.9.9", proto: "https" })).toBe("9.9.9.9 by TLS");
  expect(origin(named, "10.0.0.1", { for: "9.9.9.9", proto: "http" }, true)).toBe("9.9.9.9");
  expect(origin(named, "10.0.0.1", { for: "9.9.9.9, 10.2.2.2", proto: "https, http" })).toBe("9.9.9.9 by TLS");
  expect(origin(named, "10.0.0.1", { for: "9.9.9.9, 10.2.2.2", proto: "WSS" })).toBe("9.9.9.9 by TLS");
  expect(origin(named, "10.0.0.1", { for: "1.1.1.1, 9.9.9.9", proto: "https, http" })).toBe("9.9.9.9");
  expect(origin(named, "10.0.0.1", { proto: "https" })).toBe("10.0.0.1 by TLS");
  expect(origin(named, "10.0.0.1", {}, true)).toBe("10.0.0.1 by TLS");
});

it("[LS23] one spelling for each address", () => {
  const cases: Array<[string, string | undefined]> = [
    ["192.0.2.1", "192.0.2.1"],
    ["192.0.2.1:4711", "192.0.2.1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["0000:0000:0000:0000:0000:ffff:c000:0201", "192.0.2.1"],
    ["[2001:DB8:0:0::1]:443", "2001:db8::1"],
    ["[2001:db8::1]", "2001:db8::1"],
    ["fe80::1%eth0", "fe80::1"],
    ["0000:0000:0000:0000:0000:0000:0000:0001", "::1"],
    ["localhost", undefined],
    ["1.2.3", undefined],
    ["1.2.3.4.5:6", undefined],
    ["", undefined],
  ];
  for (const [text, address] of cases) expect(plainAddress(text), text).toBe(address);
});

it("[LS24] ranges are named as addresses, as IPv4 inside IPv6, and with a prefix", () => {
  expect(origin(["::ffff:10.0.0.1"], "10.0.0.1", { for: "9.9.9.9" })).toBe("9.9.9.9");
  expect(origin(["10.0.0.1/32"], "::ffff:10.0.0.1", { for: "9.9.9.9" })).toBe("9.9.9.9");
  expect(origin(["0.0.0.0/0"], "10.0.0.1", { for: "2001:db8::1" })).toBe("2001:db8::1");
});
