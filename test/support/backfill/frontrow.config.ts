/** Duels whose rooms ask for another opponent when one leaves, and whenever a client has them say so. */
import { defineConfig, match } from "@frontrow/shared/config/modes.ts";
import * as z from "zod";

const options = z.object({ map: z.enum(["dust", "ice"]).default("dust") });
const teams = [{ seats: 1 }, { seats: 1 }];

export default defineConfig({
  modes: {
    duel: match({ room: "asking", teams, options, same: ["map"], backfill: true, holdMs: 0 }),
    closed: match({ room: "asking", teams, options, holdMs: 0 }),
  },
  rooms: () => import("./rooms.ts"),
  limits: { heartbeatMs: 200, leaseMs: 2_000, requestsPerAddressPerSecond: 1_000 },
});
