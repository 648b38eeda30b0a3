/** One-on-one, ratings within 100 points, no private hold; the limits on asking are raised as in the seat bench. */
import { defineConfig, match } from "@frontrow/shared/config/modes.ts";

export const MODE = "duel";

export default defineConfig({
  modes: {
    [MODE]: match({
      teams: [{ seats: 1 }, { seats: 1 }],
      // Who is alone at an end of the ratings would else never be matched, and a run never end.
      skill: [
        { afterMs: 0, max: 100 },
        { afterMs: 1_000, max: 400 },
        { afterMs: 2_000, max: null },
      ],
      // The last of an odd number.
      bots: { afterMs: 3_000 },
      holdMs: 0,
    }),
  },
  // No game server runs: the seats are never sat in.
  rooms: async () => ({}),
  limits: {
    edgeMessagesPerSecond: 100_000,
    playsPerPlayerPerSecond: 100_000,
    requestsPerAddressPerSecond: 10_000,
    seatTokenMs: 5_000,
    seatHoldMs: 5_500,
  },
});
