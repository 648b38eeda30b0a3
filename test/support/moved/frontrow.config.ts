/** Duels that go on until their server ends them, and a lounge that keeps nobody's place. */
import { type Client, definePlugins, Room } from "@colyseus/core";
import { type SchemaType, schema, t } from "@colyseus/schema";
import { MatchPlugin } from "@frontrow/game-server/plugin.ts";
import { defineConfig, fill, match } from "@frontrow/shared/config/modes.ts";
import * as z from "zod";

const LoungeState = schema({ guests: t.map("string") }, "LoungeState");
export type LoungeState = SchemaType<typeof LoungeState>;

class Lounge extends Room<{ state: LoungeState }> {
  override state = new LoungeState();
  override onJoin(client: Client, { name = "" }: { name?: string }) {
    this.state.guests.set(client.sessionId, name);
  }
  override onLeave(client: Client) {
    this.state.guests.delete(client.sessionId);
  }
}

class Duel extends Room {
  override plugins = definePlugins([new MatchPlugin()]);
}

export default defineConfig({
  modes: {
    duel: match({
      teams: [{ seats: 1 }, { seats: 1 }],
      holdMs: 0,
      spectators: 2,
      options: z.object({ role: z.enum(["tank", "healer"]).optional() }),
    }),
    lounge: fill({ seats: 8 }),
  },
  rooms: async () => ({ duel: Duel, lounge: Lounge }),
  limits: { playsPerPlayerPerSecond: 100, requestsPerAddressPerSecond: 1_000 },
});
