/** Rooms that fail on the server that gets the first of them. */
import { type Client, definePlugins, Room } from "@colyseus/core";
import { MatchPlugin } from "@frontrow/game-server/plugin.ts";

const isFirst = process.env.FRONTROW_SERVER_ID === "1";

class PlainRoom extends Room {
  override plugins = definePlugins([new MatchPlugin()]);
  override onJoin(client: Client): void {
    const { match, team } = this.plugins.match.player(client);
    client.send("you", { match, team });
  }
}

class FailingRoom extends PlainRoom {
  override onCreate(): void {
    if (isFirst) throw new Error("this server cannot make rooms");
  }
}

class FullRoom extends PlainRoom {
  override maxClients = isFirst ? 0 : 2;
}

class BrokenRoom extends PlainRoom {
  override onCreate(): void {
    throw new Error("no server can make this room");
  }
}

export const rooms = { failing: FailingRoom, full: FullRoom, plain: PlainRoom, broken: BrokenRoom };
