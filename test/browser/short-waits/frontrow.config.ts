/** The demo's modes for tests that cannot wait: bots come soon, the first wreck wins a duel, squads fight for seconds. */
import { defineConfig } from "@frontrow/shared/config/modes.ts";
import demo from "../../../cli/arena/frontrow.config.ts";
import { DuelRoom, SquadsRoom } from "../../../cli/arena/room/match.ts";
import { rooms } from "../../../cli/arena/rooms.ts";

const { arena, duel, squads } = demo.modes;

class ShortDuelRoom extends DuelRoom {
  protected override readonly goal = { toWin: 1, lengthMs: 120_000 };
}
class ShortSquadsRoom extends SquadsRoom {
  protected override readonly goal = { toWin: 100, lengthMs: 3_000 };
}

export default defineConfig({
  modes: {
    arena,
    // Long enough that two who ask one after the other meet, and not a bot.
    duel: { ...duel, bots: { afterMs: 6_000 } },
    squads: { ...squads, bots: { afterMs: 1_500 } },
  },
  rooms: async () => ({ rooms: { ...rooms, duel: ShortDuelRoom, squads: ShortSquadsRoom } }),
});
