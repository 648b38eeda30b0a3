/**
 * What room code may call: who a client is, what the room was made for, and that it is over. An ordinary Colyseus room adds it:
 *
 *   plugins = definePlugins([new MatchPlugin()]);
 *   onJoin(client: Client) { const { playerId, team } = this.plugins.match.player(client); … }
 *
 * It has no hooks, because Colyseus runs a plugin's hooks unreliably (class fields skip them, subclasses run them twice): it
 * only reads what admission wrote. In a plain Colyseus server, such as a room's own unit test, it answers with what there is.
 */
import { type Client, type Room, RoomPlugin } from "@colyseus/core";
import type { FreeSeats } from "./rooms/backfill.ts";
import type { DrainListener } from "./rooms/drain-news.ts";
import type { Results } from "./rooms/match-result.ts";
import type { SeatedPlayer } from "./rooms/seat-auth.ts";

export type { FreeSeats } from "./rooms/backfill.ts";
export type { DrainListener, DrainNews } from "./rooms/drain-news.ts";
export type { FinishedMatch } from "./rooms/finish.ts";
export type { Ranks, Results } from "./rooms/match-result.ts";
export type { SeatedPlayer } from "./rooms/seat-auth.ts";

export interface MatchInfo {
  readonly mode: string;
  /** The match's id, of a mode that makes matches. */
  readonly match: string | undefined;
  /** Seats of the match that bots are to take, by team; empty: none. */
  readonly bots: readonly number[];
  readonly private: boolean;
  /** What friends type to come in; of a private room. */
  readonly code: string | undefined;
  /** Capacity. */
  readonly seats: number;
}

/** What the game server leaves on each room for the plugin. */
export interface MatchBinding {
  readonly info: MatchInfo;
  player(sessionId: string): SeatedPlayer | undefined;
  allowSpectators(types: readonly (string | number)[]): void;
  finish(results: Results): Promise<void>;
  backfill(free: FreeSeats): void;
  onDrain(told: DrainListener): void;
}

const BINDING = Symbol.for("frontrow.match");
type BoundRoom = Room & { [BINDING]?: MatchBinding };

export function bindMatch(room: Room, binding: MatchBinding): void {
  Object.defineProperty(room, BINDING, { value: binding, enumerable: false });
}

export class MatchPlugin extends RoomPlugin {
  override readonly pluginName = "match" as const;

  get info(): MatchInfo {
    return (
      this.#binding?.info ?? {
        mode: this.room.roomName,
        match: undefined,
        bots: [],
        private: false,
        code: undefined,
        seats: this.room.maxClients,
      }
    );
  }

  /** The player on a client's seat. Throws for a client that never sat in this room. */
  player(client: Pick<Client, "sessionId">): SeatedPlayer {
    if (!this.#binding) return stranger(client.sessionId);
    const player = this.#binding.player(client.sessionId);
    if (!player) throw new Error(`no seat of this room has the session "${client.sessionId}"`);
    return player;
  }

  /**
   * Ends the room for good: nobody comes in any more, its players are told, results are handed on once a match. Of a match mode they are
   * rated: `ranks` are by player id, 1 is the best; results that name anybody else count for nothing, and the log says so.
   */
  async finish(results: Results = {}): Promise<void> {
    if (this.#binding) await this.#binding.finish(results);
    else await this.room.disconnect();
  }

  /**
   * Asks for players on free seats, by team in the mode's order (`[0, 2]`), until they are filled or it is said again; 0: nobody any
   * more. Players who join are taken off, players who leave are not added. Throws unless the mode takes backfill and has such seats.
   */
  backfill(free: FreeSeats): void {
    this.#binding?.backfill(free);
  }

  /** Messages of these types are taken from spectators, too; without it they may send nothing. Inputs never are. */
  allowSpectators(...types: readonly (string | number)[]): void {
    this.#binding?.allowSpectators(types);
  }

  /**
   * Told once when the game server begins to leave (a rolling update, an operator), so that a game can shorten its match, or say so to its
   * players: `onDrain(({ leavesInMs }) => …)`. The room goes on; what is not over when the time is up is cut, and its players go back
   * together. A room that is made while the server leaves is told at once. What the listener throws is logged and harms nobody.
   */
  onDrain(told: DrainListener): void {
    this.#binding?.onDrain(told);
  }

  get #binding(): MatchBinding | undefined {
    return (this.room as BoundRoom)[BINDING];
  }
}

const stranger = (sessionId: string): SeatedPlayer => ({
  playerId: sessionId,
  guest: true,
  spectator: false,
  team: undefined,
  match: undefined,
  ticket: sessionId,
  seat: 0,
  rttMs: undefined,
  rttVerified: false,
});
