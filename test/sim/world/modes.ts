/** What is played: two alone, two teams with parties, a ready check, and bots for who finds nobody. Short times, so that all of it happens. */
import { match } from "@frontrow/shared/config/modes.ts";

const TIMEOUT_MS = 20_000;
const one = { seats: 1 };
const two = { seats: 2 };

export const createModes = () => ({
  duel: match({ teams: [one, one], holdMs: 0, timeoutMs: TIMEOUT_MS }),
  pairs: match({ teams: [two, two], timeoutMs: TIMEOUT_MS }),
  checked: match({ teams: [two], readyCheckMs: 2_000, timeoutMs: TIMEOUT_MS }),
  filled: match({ teams: [one, one], bots: { afterMs: 3_000 }, timeoutMs: TIMEOUT_MS }),
});
