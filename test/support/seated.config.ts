/** Duels whose players go from one match to the next; who is told something by the index alone is told it by a heartbeat of a second. */
import { definePlugins, Room } from "@colyseus/core";
import { MatchPlugin } from "@frontrow/game-server/plugin.ts";
import { defineConfig, fill, match } from "@frontrow/shared/config/modes.ts";

class DuelRoom extends Room {
  #sitting = 0;
  override plugins = definePlugins([new MatchPlugin()]);
  override messages = {
    // Shown by the list of rooms, and so says what the index has been told.
    sitting: () => void this.setMetadata({ sitting: ++this.#sitting }),
    finish: () => void this.plugins.match.finish(),
  };
}

export default defineConfig({
  modes: {
    // Matches that may be watched are listed.
    duel: match({ teams: [{ seats: 1 }, { seats: 1 }], holdMs: 0, spectators: 1 }),
    hall: fill({ seats: 16 }),
  },
  rooms: async () => ({ duel: DuelRoom, hall: class extends Room {} }),
  limits: { playsPerPlayerPerSecond: 100, requestsPerAddressPerSecond: 1_000 },
});
