/** The index itself (INVARIANTS 7, 13, 14, 16, 21): capacities, how long holds outlive their tokens, generations. */
import type { Reserved } from "@frontrow/lobby/lobby.ts";
import { matchKey } from "@frontrow/matchmaker/seat/place-match.ts";
import type { World } from "../words.ts";
import type { Watcher } from "./watch.ts";

export function watchIndex(
  { store, limits }: Pick<World, "store" | "limits">,
  broken: (rule: string, what: string) => void,
): Watcher {
  const generations = new Map<string, number>();

  function promised(ticket: string, { generation, nowMs, roomId, boot }: Reserved): void {
    const { holds, holdsDue, rooms } = store.state;
    const hold = holds.get(ticket);
    // Placed again, because its server is gone, it begins anew, in another room or on another boot.
    const key = `${ticket} ${roomId} ${boot}`;
    const before = generations.get(key) ?? 0;
    if (generation <= before) broken("SM8", `${ticket} has generation ${generation} after ${before}`);
    generations.set(key, generation);
    const dueMs = holdsDue.get(ticket);
    if (hold?.seats.includes(".") && (dueMs === undefined || dueMs <= nowMs + limits.seatTokenMs)) {
      broken("SM8", `the hold of ${ticket} ends at ${dueMs}, its tokens at ${nowMs + limits.seatTokenMs}`);
    }
    const room = rooms.get(roomId);
    if (room && room.seated + room.held > room.capacity) {
      broken("SM7", `${roomId} has ${room.seated} and ${room.held} in ${room.capacity} seats`);
    }
  }

  return {
    reserved(wanted, reply) {
      if (reply.kind === "RESERVED") promised(wanted.ticket, reply);
      if (reply.kind === "RESERVED" && reply.generation === 1 && wanted.target.kind === "match") {
        const flag = `mode:${wanted.target.mode}` as const;
        if (store.state.paused.has(flag)) broken("SM12", `${wanted.ticket} takes seats while ${flag} is paused`);
      }
    },
    settled(match, reply) {
      if (reply.kind === "RESERVED") promised(matchKey(match), reply);
    },
    // What it had learned of generations is gone with it; servers say those that sit.
    forgot: () => generations.clear(),
  };
}
