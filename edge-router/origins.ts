/**
 * Which pages may talk to the edge. Only browsers send an Origin, and only they are bound by it: it protects a player's
 * session from other people's pages, not the server from scripts.
 */
export interface OriginRule {
  /** `host` is the Host header: a page that we served ourselves is always allowed. */
  allows(origin: string, host: string): boolean;
}

/** `list` holds exact origins such as `https://play.example.com`; `any` (development) allows every page. */
export function createOriginRule(list: readonly string[] | "any"): OriginRule {
  const listed = new Set(list === "any" ? [] : list.map((origin) => origin.toLowerCase()));
  return {
    allows(origin, host) {
      if (list === "any") return true;
      const asked = origin.toLowerCase();
      return listed.has(asked) || asked === `https://${host.toLowerCase()}`;
    },
  };
}
