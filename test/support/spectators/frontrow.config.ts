/** A stage with two places on it, and two before it; and a duel to look on. */
import { defineConfig, fill, match } from "@frontrow/shared/config/modes.ts";

const room = "stage";

export default defineConfig({
  modes: {
    stage: fill({ seats: 2, spectators: 2 }),
    rehearsal: fill({ room, seats: 2 }),
    duel: match({ room, teams: [{ seats: 1 }, { seats: 1 }], spectators: 2 }),
  },
  rooms: () => import("./rooms.ts"),
});
