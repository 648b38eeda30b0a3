/** A match by its key in the index, as `matchKey` of `place-match.ts` spells it. */
import { matchKey } from "@frontrow/matchmaker/seat/place-match.ts";

const PREFIX = matchKey("");

export const matchOfKey = (key: string): string | undefined =>
  key.startsWith(PREFIX) ? key.slice(PREFIX.length) : undefined;
