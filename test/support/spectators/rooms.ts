/** A room that shows who plays, and lets those who look on clap. */
import { type Client, definePlugins, Room } from "@colyseus/core";
import { type SchemaType, schema, t } from "@colyseus/schema";
import { MatchPlugin } from "@frontrow/game-server/plugin.ts";

const StageState = schema(
  { actors: t.uint8().default(0), claps: t.uint8().default(0), lines: t.uint8().default(0) },
  "Stage",
);

class StageRoom extends Room<{ state: SchemaType<typeof StageState> }> {
  override plugins = definePlugins([new MatchPlugin()]);
  override state = new StageState();

  override onCreate(): void {
    this.plugins.match.allowSpectators("clap");
    this.onMessage("clap", () => void this.state.claps++);
    this.onMessage("line", () => void this.state.lines++);
  }

  override onJoin(client: Client): void {
    if (!this.plugins.match.player(client).spectator) this.state.actors++;
  }
}

export const rooms = { stage: StageRoom };
