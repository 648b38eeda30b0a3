/** A room that tells each of its players how it sees them. */
import { type Client, definePlugins, Room } from "@colyseus/core";
import { MatchPlugin } from "@frontrow/game-server/plugin.ts";

/** What a player is told. */
export interface Seen {
  readonly playerId: string;
  readonly team: number | undefined;
  readonly match: string | undefined;
  readonly bots: readonly number[];
  readonly options: unknown;
  readonly rttMs: number | undefined;
}

class TableRoom extends Room {
  override plugins = definePlugins([new MatchPlugin()]);

  override onJoin(client: Client, options: unknown): void {
    const { playerId, team, match, rttMs } = this.plugins.match.player(client);
    const { bots } = this.plugins.match.info;
    client.send("seen", { playerId, team, match, bots, options, rttMs } satisfies Seen);
  }
}

export const rooms = { table: TableRoom };
