/**
 * What the player of a ship saw as it fired. Other ships are shown a little in the past, and how far is in every input that the page
 * sends (Colyseus stamps it); it is believed as far as the player's verified distance allows, so that nobody shoots at what has long
 * been elsewhere.
 */
import type { Client, Rewind, Room } from "@colyseus/core";
import { rewindMaxMs } from "@frontrow/game-server/hot/as-seen.ts";
import type { MatchPlugin } from "@frontrow/game-server/plugin.ts";
import { verifiedRttMs } from "@frontrow/game-server/rooms/seat-auth.ts";
import { clamp, type Point } from "./geometry.ts";
import { STEP_S } from "./rules.ts";
import type { Ship } from "./state.ts";

type SightedRoom = Pick<Room, "clock"> & {
  readonly clients: { getById(id: string): Pick<Client, "sessionId"> | undefined };
  readonly inputs: { get(id: string): { readonly renderTime: number } };
  readonly plugins: { readonly match: Pick<MatchPlugin, "player"> };
};

export interface ShipSight {
  /** How long ago was what the ship's player saw in its newest input, ms; 0 for a bot. */
  agoMs(id: string): number;
  shipAt(ship: Ship, agoMs: number): Point;
}

export function createShipSight(room: SightedRoom, rewind: Rewind): ShipSight {
  const point: Point = { x: 0, y: 0 };
  const nowMs = () => room.clock.elapsedTime;

  function farthestMs(client: Pick<Client, "sessionId">): number {
    return rewindMaxMs(verifiedRttMs(room.plugins.match.player(client)), STEP_S * 1_000);
  }

  return {
    agoMs(id) {
      const client = room.clients.getById(id);
      if (!client) return 0;
      const { renderTime } = room.inputs.get(id);
      return renderTime > 0 ? clamp(nowMs() - renderTime, 0, farthestMs(client)) : 0;
    },
    shipAt: (ship, agoMs) => (agoMs > 0 ? rewind.at(nowMs() - agoMs).read(ship, ["x", "y"], point) : ship),
  };
}
