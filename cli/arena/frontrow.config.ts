/** The demo that `npx frontrow dev` serves where there is no project of one's own. */
import { defineConfig, fill } from "@frontrow/shared/config/modes.ts";
import { JoinOptions } from "./room/join-options.ts";
import { SEATS } from "./room/rules.ts";

export default defineConfig({
  modes: { arena: fill({ seats: SEATS, options: JoinOptions }) },
  rooms: () => import("./rooms.ts"),
});
