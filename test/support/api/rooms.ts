import { type Client, definePlugins, Room } from "@colyseus/core";
import { MatchPlugin } from "@frontrow/game-server/plugin.ts";

class DuelRoom extends Room {
  override plugins = definePlugins([new MatchPlugin()]);
  override onCreate() {
    this.onMessage("who", (client) => client.send("who", this.plugins.match.player(client)));
    this.onMessage("win", (client: Client) => {
      const { playerId } = this.plugins.match.player(client);
      const others = this.clients.map((each) => this.plugins.match.player(each).playerId);
      void this.plugins.match.finish({ ranks: Object.fromEntries(others.map((id) => [id, id === playerId ? 1 : 2])) });
    });
  }
}

export const rooms = { duel: DuelRoom };
