/**
 * One match at a time (INVARIANT 6): of whom the index was told that he sits in a match, he is in no second one; and whoever had left before
 * he asked is not refused for it. What the index was told is taken from the heartbeats that it answered, until it loses what it knew.
 */
import type { SatSeat } from "@frontrow/lobby/lobby.ts";
import { readRoster } from "@frontrow/matchmaker/seat/roster.ts";
import { nameOf, type World } from "../words.ts";
import type { Watcher } from "./watch.ts";

interface Told extends SatSeat {
  readonly server: string;
  readonly boot: string;
}

export function watchPlaying(
  { store, scheduler, counts }: Pick<World, "store" | "scheduler" | "counts">,
  broken: (rule: string, what: string) => void,
): Watcher {
  /** By player and ticket. */
  const told = new Map<string, Told>();
  const keyOf = ({ player, ticket }: SatSeat) => `${player} ${ticket}`;
  /** In how many rooms a player sits: more than one where the index could not know. */
  const sits = new Map<string, number>();
  /** When a player last stood up from the last of them. */
  const stoodMs = new Map<string, number>();
  let forgotMs = Number.NEGATIVE_INFINITY;

  /** The index keeps one match a player: of another one it hears again with the next heartbeat. */
  function forget(player: string | undefined): void {
    for (const [key, seat] of told) if (seat.player === player) told.delete(key);
  }

  /** Whether the index still has what it needs to know it by, and the server lives. */
  function isKnown({ ticket, seat, roomId, server, boot }: Told): boolean {
    const { holds, rooms, servers, gap } = store.state;
    const [hold, at] = [holds.get(ticket), servers.get(server)];
    const isLive = at?.boot === boot && at.leaseGap === gap && store.nowMs() < at.leaseUntilMs;
    return isLive && hold?.seats[seat] === "s" && rooms.get(roomId!) !== undefined;
  }

  return {
    beaten({ server, boot, sat, left, gone }, { kind }) {
      if (kind !== "ALIVE") return;
      for (const seat of sat) if (seat.player) told.set(keyOf(seat), { ...seat, server, boot });
      for (const { player } of left) forget(player);
      for (const { player, roomId } of told.values()) if (gone.includes(roomId!)) forget(player);
    },
    reserved({ ticket, roster = "" }, reply) {
      if (reply.kind === "SEATED") counts["matches refused for who sits"]++;
      if (reply.kind !== "RESERVED" || reply.generation > 1) return;
      // Of everybody who plays, whoever of them the index was asked about.
      const players = readRoster(roster)?.seats.map(([player]) => player) ?? [];
      for (const seat of told.values()) {
        if (seat.ticket === ticket || !players.includes(seat.player!) || !isKnown(seat)) continue;
        broken("SM19", `${ticket} takes seats for ${seat.player}, who sits in ${seat.ticket}`);
      }
    },
    forgot() {
      told.clear();
      forgotMs = scheduler.nowMs;
    },
    sat: (player) => void sits.set(player, (sits.get(player) ?? 0) + 1),
    stood(player) {
      sits.set(player, sits.get(player)! - 1);
      stoodMs.set(player, scheduler.nowMs);
    },
    ended(wish, outcome) {
      if (outcome.ok || outcome.refusal.code !== "ALREADY_SEATED") return;
      counts["tickets of who sits"]++;
      const members = membersOf(wish.player, wish.party !== undefined);
      // Who stood up, and then the index was rolled back to before that, sits there for it until the room is over.
      const mayBeMeant = (player: string) => {
        const lastMs = stoodMs.get(player);
        const isOver = lastMs === undefined || (lastMs < wish.sinceMs && lastMs > forgotMs);
        return (sits.get(player) ?? 0) > 0 || !isOver;
      };
      if (!members.some(mayBeMeant)) broken("SM20", `${nameOf(wish)} is refused for a seat that was left before`);
    },
  };
}

/** Parties are of two, an even number and the next. */
function membersOf(player: string, isParty: boolean): string[] {
  const number = Number(player.slice(1));
  return isParty ? [player, `p${number ^ 1}`] : [player];
}
