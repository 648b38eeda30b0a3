/**
 * Where players dial a game server. Outside production it may leave out what a player knows better: the empty address is the
 * host that the player came by, `:2568` that host at another port, so that a phone on the same network gets there too.
 */

/** `publicAddress` as it can be dialled by somebody who came by `host` (a Host header, or a URL's host and path). */
export function dialAddress(publicAddress: string, host: string): string {
  if (publicAddress === "") return host;
  if (!publicAddress.startsWith(":")) return publicAddress;
  const name = /^(\[[^\]]*\]|[^:/]*)/.exec(host)?.[0] ?? "";
  return `${name}${publicAddress}`;
}
