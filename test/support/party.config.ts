/** Match modes in which a party is matched with bots at once, for tests over real sockets. */
import { Room } from "@colyseus/core";
import { MatchPlugin } from "@frontrow/game-server/plugin.ts";
import { defineConfig, match } from "@frontrow/shared/config/modes.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import * as z from "zod";

/** Tells a client that asks who it is. */
class TellingRoom extends Room {
  override plugins = { match: new MatchPlugin() };
  override onJoin(client: Parameters<NonNullable<Room["onJoin"]>>[0], options: unknown): void {
    client.userData = { options };
  }
  override onCreate(): void {
    this.onMessage("who", (client) => {
      const { playerId, team, match } = this.plugins.match.player(client);
      client.send("you", { playerId, team, match, ...client.userData });
    });
  }
}

const squads = { room: "telling", teams: [{ seats: 3 }, { seats: 3 }], holdMs: 0 };
const limits: Partial<Limits> = JSON.parse(process.env.PARTY_LIMITS ?? "{}");

export default defineConfig({
  modes: {
    squads: match({
      ...squads,
      bots: { afterMs: 0 },
      options: z.object({ role: z.enum(["tank", "healer"]).optional() }),
    }),
    checked: match({ ...squads, bots: { afterMs: 0 }, readyCheckMs: 5_000 }),
    /** Without bots nobody else is there. */
    lonely: match(squads),
    duo: match({ ...squads, teams: [{ seats: 2 }, { seats: 2 }], bots: { afterMs: 0 } }),
  },
  rooms: async () => ({ telling: TellingRoom }),
  limits: { playsPerPlayerPerSecond: 100, ...limits },
});
