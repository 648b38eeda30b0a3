/** What the edge needs from the world around it. */
import type { RoomPage, RoundTrip, Seat, Target } from "@frontrow/shared/protocol/words.ts";

/**
 * One metro's matchmaker, as an edge sees it: in the same process or behind a WebSocket. Every promise settles within
 * `limits.linkRequestMs` and rejects only with FrontrowError.
 */
export interface MetroLink {
  readonly metro: string;
  isUp(): boolean;
  /** From this edge to the metro, measured on the link; undefined before the first echo. */
  roundTrip(): RoundTrip | undefined;
  /** Verifies the player once more (`jwt`) or believes the edge's guest name, and claims the player's session record. */
  openSession(session: {
    sid: string;
    jwt?: string | undefined;
    guest?: string | undefined;
  }): Promise<{ playerId: string; generation: number }>;
  closeSession(sid: string): void;
  place(request: PlaceRequest): Promise<Seat>;
  giveBack(sid: string, ticket: string): Promise<void>;
  listRooms(query: { mode: string; after?: string | undefined; limit: number }): Promise<RoomPage>;
  /** Where a room's server is, for a reconnection. */
  locate(roomId: string): Promise<{ mode: string; publicAddress: string; secure: boolean }>;
  /** Called with the session whose player opened a newer one elsewhere. */
  onSuperseded(told: (sid: string) => void): void;
}

export interface PlaceRequest {
  readonly sid: string;
  readonly ticket: string;
  readonly target: Target;
  readonly compat: string;
  readonly options: Record<string, unknown>;
  /** The player's round trip to this edge. */
  readonly rtt: RoundTrip;
}
