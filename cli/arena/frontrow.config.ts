/** The demo that `npx frontrow dev` serves where there is no project of one's own. */
import { defineConfig, fill, match } from "@frontrow/shared/config/modes.ts";
import { JoinOptions } from "./room/join-options.ts";
import { SEATS } from "./room/rules.ts";

export default defineConfig({
  modes: {
    arena: fill({ seats: SEATS, options: JoinOptions }),
    duel: match({
      teams: [{ seats: 1 }, { seats: 1 }],
      options: JoinOptions,
      skill: [
        { afterMs: 0, max: 200 },
        { afterMs: 5_000, max: 500 },
        { afterMs: 10_000, max: null },
      ],
      bots: { afterMs: 10_000 },
    }),
    squads: match({
      teams: [{ seats: 5 }, { seats: 5 }],
      options: JoinOptions,
      skill: [
        { afterMs: 0, max: 300 },
        { afterMs: 5_000, max: null },
      ],
      bots: { afterMs: 15_000 },
      readyCheckMs: 10_000,
    }),
  },
  rooms: () => import("./rooms.ts"),
});
