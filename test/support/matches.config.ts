/** Match modes for tests over real sockets: each shows one rule. */
import { type Client, Room } from "@colyseus/core";
import { MatchPlugin } from "@frontrow/game-server/plugin.ts";
import { defineConfig, match } from "@frontrow/shared/config/modes.ts";
import * as z from "zod";

/** Says who is who to whoever asks: what it said by itself might come before anybody listens. */
class TellingRoom extends Room {
  override plugins = { match: new MatchPlugin() };
  override messages = {
    who: (client: Client) => {
      const { playerId, team, match } = this.plugins.match.player(client);
      client.send("you", { playerId, team, match, bots: this.plugins.match.info.bots });
    },
  };
}

const duel = { room: "telling", teams: [{ seats: 1 }, { seats: 1 }], holdMs: 0 } as const;

export default defineConfig({
  modes: {
    duel: match({
      ...duel,
      teams: [...duel.teams],
      options: z.object({ map: z.enum(["dust", "ice"]).default("dust") }),
      same: ["map"],
    }),
    ready: match({ ...duel, teams: [...duel.teams], readyCheckMs: 3_000 }),
    alone: match({ ...duel, teams: [...duel.teams], bots: { afterMs: 300 } }),
    brief: match({ ...duel, teams: [...duel.teams], timeoutMs: 1_000 }),
  },
  rooms: async () => ({ telling: TellingRoom }),
});
