/**
 * API keys as configuration says them: `id:hash:scopes[:until]`, such as `studio-1:<43 characters>:tickets+read:2027-06-30`. The hash
 * is of the secret half alone (`matchmaker/api/keys.ts` says why a plain one), so an entry opens nothing.
 */

/** `tickets`: submit and hold; `matches`: fixed rosters; `modes`: pause; `read`: pools and leaderboards. */
export const API_SCOPES = ["tickets", "matches", "modes", "read"] as const;
export type ApiScope = (typeof API_SCOPES)[number];

export interface ApiKey {
  readonly id: string;
  /** SHA-256 of the secret, base64url. */
  readonly hash: string;
  readonly scopes: readonly ApiScope[];
  /** Unix ms from which it is not valid any more. */
  readonly untilMs: number | undefined;
}

const isScope = (word: string): word is ApiScope => (API_SCOPES as readonly string[]).includes(word);

/** The key of an entry, or what is wrong with it. Says nothing of the entry itself: a mistaken one may be a whole key. */
export function parseApiKey(entry: string): ApiKey | string {
  const [, id = "", hash = "", words = "", until] =
    /^([\w-]{1,64}):([\w-]{43}):([a-z+]+)(?::(\d{4}-\d{2}-\d{2}))?$/.exec(entry) ?? [];
  if (id === "") return "must list keys as id:hash:scopes or id:hash:scopes:2027-06-30 (`frontrow keys --api <id>`)";
  const scopes = words.split("+");
  if (!scopes.every(isScope)) return `has scopes other than ${API_SCOPES.join(", ")} for ${id}`;
  const untilMs = until === undefined ? undefined : Date.parse(`${until}T00:00:00Z`);
  return Number.isNaN(untilMs) ? `has no date after ${id}'s scopes` : { id, hash, scopes, untilMs };
}

/** Of a list; two of one id could not be told apart. */
export function repeatedKeyId(keys: readonly ApiKey[]): string | undefined {
  const ids = keys.map(({ id }) => id);
  return ids.find((id, at) => ids.indexOf(id) < at);
}
