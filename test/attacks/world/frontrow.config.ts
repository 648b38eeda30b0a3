/** What is attacked: the demo's arena, a room of motes for a crowd, a mode whose rooms end when somebody says so, and one to wait in. Limits come from the test. */

import { defineConfig, fill, match } from "@frontrow/shared/config/modes.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import { JoinOptions } from "../../../cli/arena/room/join-options.ts";

const limits: Partial<Limits> = JSON.parse(process.env.ATTACK_LIMITS ?? "{}");

export default defineConfig({
  modes: {
    arena: fill({ seats: 16, options: JoinOptions }),
    motes: fill({ seats: 527 }),
    skirmish: fill({ seats: 4 }),
    squads: match({ room: "skirmish", teams: [{ seats: 3 }, { seats: 3 }] }),
  },
  rooms: () => import("./rooms.ts"),
  limits,
});
