/** Match modes for stock SDKs: each shows one way in which waiting ends. */
import { defineConfig, fill, match } from "@frontrow/shared/config/modes.ts";
import * as z from "zod";

const room = "table";
const pair = [{ seats: 1 }, { seats: 1 }];

export default defineConfig({
  modes: {
    duel: match({ room, teams: pair, options: z.object({ name: z.string().max(16).default("nobody") }) }),
    agreed: match({ room, teams: pair, readyCheckMs: 1_000 }),
    alone: match({ room, teams: pair, bots: { afterMs: 200 } }),
    crowd: match({ room, teams: [{ seats: 8 }] }),
    impatient: match({ room, teams: pair, timeoutMs: 1_000, holdMs: 100 }),
    open: fill({ room, seats: 4 }),
  },
  rooms: () => import("./rooms.ts"),
});
