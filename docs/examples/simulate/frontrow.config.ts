/** One duel, three ways to widen: for `frontrow simulate`, which never loads the rooms. */
import { defineConfig, match } from "frontrow";

const duel = {
  teams: [{ seats: 1 }, { seats: 1 }],
  timeoutMs: 600_000,
};

export default defineConfig({
  modes: {
    /** Whoever is there. */
    anyone: match({ ...duel }),
    /** A fair opponent within the minute, else whoever is there. */
    balanced: match({
      ...duel,
      skill: [
        { afterMs: 0, max: 100 },
        { afterMs: 20_000, max: 200 },
        { afterMs: 60_000, max: null },
      ],
    }),
    /** An equal, and five minutes' patience. */
    patient: match({
      ...duel,
      skill: [
        { afterMs: 0, max: 50 },
        { afterMs: 60_000, max: 100 },
        { afterMs: 180_000, max: 200 },
        { afterMs: 300_000, max: null },
      ],
    }),
  },
  rooms: async () => ({}),
});
