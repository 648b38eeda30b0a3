/** Rooms for tests of the game server: each does one thing that a room of some studio does. */
import { type Client, definePlugins, Room } from "@colyseus/core";
import { type SchemaType, schema, t } from "@colyseus/schema";
import { MatchPlugin } from "@frontrow/game-server/plugin.ts";

const Player = schema({ name: t.string().default(""), x: t.int32().default(0) }, "TestPlayer");
export const TestState = schema({ ticks: t.uint32().default(0), players: t.map(Player) }, "TestState");
export type TestState = SchemaType<typeof TestState>;

/** An ordinary room: state by session, echoes messages, says nothing about leaving. */
export class PlainRoom extends Room<{ state: TestState }> {
  override state = new TestState();
  override onCreate() {
    this.onMessage("echo", (client, message) => client.send("echo", message));
    this.onMessage("move", (client, x: number) => {
      this.state.players.get(client.sessionId)!.x = x;
    });
    this.onMessage("throw", () => {
      throw new Error("secret of the room");
    });
    this.onMessage("reject", async () => {
      throw new Error("secret of the room");
    });
    this.onMessage("ask", () => "answer");
    this.onMessage("lock", () => this.lock());
  }
  override onJoin(client: Client, options: { name?: string }) {
    this.state.players.set(client.sessionId, new Player().assign({ name: options.name ?? "" }));
  }
}

/** Cleans up after a player who leaves, and keeps nobody's place. */
export class LeavingRoom extends PlainRoom {
  override onLeave(client: Client) {
    this.state.players.delete(client.sessionId);
  }
}

/** Keeps the place of a dropped player, as Colyseus' documentation shows it. */
export class KeepingRoom extends LeavingRoom {
  override onDrop(client: Client) {
    this.allowReconnection(client, 20);
  }
}

/** Uses the plugin. */
export class MatchRoom extends Room<{ state: TestState }> {
  override state = new TestState();
  override plugins = definePlugins([new MatchPlugin()]);
  override onCreate() {
    this.onMessage("who", (client) => client.send("who", this.plugins.match.player(client)));
    this.onMessage("info", (client) => client.send("info", this.plugins.match.info));
    this.onMessage("finish", (_client, ranks) => void this.plugins.match.finish({ ranks }));
  }
}
