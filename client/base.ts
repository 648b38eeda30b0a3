/** Judged here, because `localhost:2567` parses too, as a path of the scheme `localhost:`, and fails only when dialled. */
export function baseOf(url: string): URL {
  const http = `${url}`.replace(/^ws(?=s?:)/i, "http");
  if (/^https?:\/\//i.test(http) && URL.canParse(http)) return new URL(http);
  throw new TypeError(
    `createClient: url must be an address that begins with http://, https://, ws:// or wss://, not "${url}".`,
  );
}
