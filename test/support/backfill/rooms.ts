/** A room that tells its players who they are, and asks for others when one leaves. */
import { type Client, definePlugins, Room } from "@colyseus/core";
import { MatchPlugin } from "@frontrow/game-server/plugin.ts";

class AskingRoom extends Room {
  override plugins = definePlugins([new MatchPlugin()]);

  override onCreate(): void {
    this.onMessage("want", (client, free) => {
      try {
        this.plugins.match.backfill(free);
        client.send("wanted", "");
      } catch (error) {
        client.send("wanted", (error as Error).message);
      }
    });
    this.onMessage("finish", () => void this.plugins.match.finish());
  }
  override onJoin(client: Client): void {
    const { playerId, team, match } = this.plugins.match.player(client);
    client.send("you", { playerId, team, match });
  }
  override onLeave(client: Client): void {
    if (this.plugins.match.info.mode !== "duel") return;
    const { team } = this.plugins.match.player(client);
    this.plugins.match.backfill([0, 1].map((one) => (one === team ? 1 : 0)));
  }
}

export const rooms = { asking: AskingRoom };
