/** What is attacked: the demo's arena, and a mode whose rooms end when somebody says so. Limits come from the test. */

import { defineConfig, fill } from "@frontrow/shared/config/modes.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import { JoinOptions } from "../../../cli/arena/room/join-options.ts";

const limits: Partial<Limits> = JSON.parse(process.env.ATTACK_LIMITS ?? "{}");

export default defineConfig({
  modes: { arena: fill({ seats: 16, options: JoinOptions }), skirmish: fill({ seats: 4 }) },
  rooms: () => import("./rooms.ts"),
  limits,
});
