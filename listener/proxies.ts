/**
 * Who is asking. A peer's own address cannot be faked; what it says in `X-Forwarded-For` can, so the header is read only
 * when the peer is a named proxy, and from its right end: each named proxy vouches for the hop that it appended, and the
 * first hop that is not a named proxy is the client. What stands further left is the client's own word.
 */
import { BlockList, isIP, SocketAddress } from "node:net";

export interface Origin {
  readonly address: string;
  readonly secure: boolean;
}

/** `peer` as the kernel names it, `tls` whether it came by TLS here. */
export type OriginOf = (peer: string, tls: boolean, header: (name: string) => string) => Origin;

/** Throws on an entry that is neither an address nor a CIDR range. */
export function createOriginOf(trustedProxies: readonly string[]): OriginOf {
  if (trustedProxies.length === 0) return (peer, tls) => ({ address: plainAddress(peer) ?? peer, secure: tls });
  const named = rangesOf(trustedProxies);
  const isNamed = (address: string) => named.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");

  return (peer, tls, header) => {
    let address = plainAddress(peer) ?? peer;
    if (!isNamed(address)) return { address, secure: tls };
    const hops = listOf(header("x-forwarded-for"));
    let vouched = 0;
    while (vouched < hops.length && isNamed(address)) {
      const hop = plainAddress(hops[hops.length - 1 - vouched]!);
      if (hop === undefined) break;
      address = hop;
      vouched++;
    }
    return { address, secure: secureOf(listOf(header("x-forwarded-proto")), vouched) ?? tls };
  };
}

/** Proxies either append to the list of protocols or replace it: the entry beside the client's hop, or the only one. */
function secureOf(protocols: readonly string[], vouched: number): boolean | undefined {
  const protocol = protocols[Math.max(0, protocols.length - Math.max(1, vouched))]?.toLowerCase();
  return protocol === undefined ? undefined : protocol === "https" || protocol === "wss";
}

function listOf(header: string): string[] {
  return header === "" ? [] : header.split(",").map((part) => part.trim());
}

function rangesOf(entries: readonly string[]): BlockList {
  const ranges = new BlockList();
  for (const entry of entries) {
    const [network = "", bits, ...more] = entry.split("/");
    const address = plainAddress(network);
    const family = isIP(address ?? "") === 6 ? "ipv6" : "ipv4";
    const bitsMax = family === "ipv6" ? 128 : 32;
    const prefix = bits === undefined ? bitsMax : /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
    if (address === undefined || more.length > 0 || prefix < 0 || prefix > bitsMax) {
      throw new Error(`trustedProxies: "${entry}" is neither an address nor a CIDR range`);
    }
    ranges.addSubnet(address, prefix, family);
  }
  return ranges;
}

/** One spelling for each address: no port, no zone, IPv6 compressed, IPv4 inside IPv6 as IPv4. Undefined if it is none. */
export function plainAddress(text: string): string | undefined {
  const bare = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(text)?.[1] ?? /^([\d.]+):\d{1,5}$/.exec(text)?.[1] ?? text;
  if (isIP(bare) === 4) return bare;
  const unzoned = bare.replace(/%.*$/, "");
  if (isIP(unzoned) !== 6) return undefined;
  const { address } = new SocketAddress({ address: unzoned, family: "ipv6" });
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1] ?? address;
}
