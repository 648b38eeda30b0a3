/**
 * An honest player on the real client SDK, who sat down before the attack. Still served means: the same edge session is
 * answered through link and index, the same room takes a message and shows what it did to everybody's state.
 */
import { createClient, type Played } from "@frontrow/client/client.ts";
import { vi } from "vitest";
import type { Frontrow } from "../../support/fleet.ts";

interface ArenaShown {
  readonly ships: { readonly size: number; has(id: string): boolean };
}

export interface Neighbour {
  readonly played: Played<ArenaShown>;
  /** Throws what is not served any more. */
  isServed(): Promise<void>;
  leave(): Promise<void>;
}

export async function seatNeighbour(frontrow: Frontrow, jwt?: string): Promise<Neighbour> {
  const client = createClient<unknown>({ url: frontrow.url, ...(jwt === undefined ? {} : { jwt }) });
  const result = await client.play("arena");
  if (!result.ok) throw new Error(`the neighbour got no seat: ${result.code}`);
  const played = result as unknown as Played<ArenaShown>;
  const { room, roomId } = played;
  let ends = "";
  let bots = 0;
  room.onLeave((code, reason) => {
    ends = `the neighbour lost its room: ${code} ${reason ?? ""}`;
  });
  const nowhere = { roomId: `${roomId.split("_").slice(0, 2).join("_")}_nowhere` };

  return {
    played,
    async isServed() {
      const missed = await client.join(nowhere);
      if (missed.ok || missed.code !== "ROOM_NOT_FOUND")
        throw new Error(`the neighbour's edge: ${JSON.stringify(missed)}`);
      if (ends) throw new Error(ends);
      bots = (bots + 1) % 4;
      const isShown = (id: number) => room.state.ships.has(`bot-${id}`);
      room.send("bots", { count: bots });
      await vi.waitUntil(() => ends || [0, 1, 2, 3].every((id) => isShown(id) === id < bots), {
        timeout: 10_000,
        interval: 10,
      });
      if (ends) throw new Error(ends);
    },
    async leave() {
      await room.leave();
      client.close();
    },
  };
}
