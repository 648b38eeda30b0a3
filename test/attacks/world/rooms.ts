/** The rooms that are attacked. */
import { definePlugins, Room } from "@colyseus/core";
import { MatchPlugin } from "@frontrow/game-server/plugin.ts";
import { ArenaRoom } from "../../../cli/arena/room/arena.ts";
import { MotesRoom } from "./motes-room.ts";

/** Keeps dropped players, says how many they are, and is over when one of its players says so. */
class SkirmishRoom extends Room {
  override plugins = definePlugins([new MatchPlugin()]);
  override onCreate(): void {
    this.onMessage("count", (client) => client.send("count", this.clients.length));
    this.onMessage("finish", () => void this.plugins.match.finish());
  }
}

export const rooms = { arena: ArenaRoom, skirmish: SkirmishRoom, motes: MotesRoom };
