/** Networks in which unencrypted traffic may be meant: RFC 1918, RFC 4193, loopback, and names that only a private DNS knows. */
const PRIVATE_ADDRESS = /^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[::1\]|\[f[cd][0-9a-f]{2}:)/i;
const PRIVATE_NAME = /(^[^.]+|\.(local|internal|svc|lan|home\.arpa|localhost))$/i;

/** Whether the host of `authority` (host, perhaps a port and a path) is one that the internet cannot reach. */
export function isPrivateHost(authority: string): boolean {
  const host = /^(\[[^\]]*\]|[^:/]*)/.exec(authority)?.[0] ?? "";
  const isNumeric = /^[\d.]+$/.test(host) || host.startsWith("[");
  return isNumeric ? PRIVATE_ADDRESS.test(host) : PRIVATE_NAME.test(host);
}
