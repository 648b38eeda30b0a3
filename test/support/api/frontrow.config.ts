/** The world of the HTTP API's tests: duels whose first word ends them. */
import { defineConfig, match } from "@frontrow/shared/config/modes.ts";

export default defineConfig({
  modes: {
    duel: match({ teams: [{ seats: 1 }, { seats: 1 }], holdMs: 0 }),
    brawl: match({ teams: [{ seats: 1 }, { seats: 1 }], holdMs: 0, room: "duel" }),
  },
  rooms: () => import("./rooms.ts"),
});
