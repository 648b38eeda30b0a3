/**
 * Tickets of players who sit in another match, as the index says. It knows that from heartbeats, and may not have heard yet that a
 * player has left, or that his server is dead. So such a ticket waits beside its pool while the index is asked again: it goes back as
 * soon as nobody of it plays any more, and is over when the server that says so was heard once more after it had the time to say
 * something else. A dead server is not heard, and soon counts for nothing: no ticket ends on the word of one.
 */
import type { Playing } from "@frontrow/lobby/lobby.ts";
import type { Clock } from "@frontrow/shared/clock.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import type { EnlistedTicket } from "./enlisted.ts";

/** Who has just left is known to the index within a moment; the next looks are further apart. */
const FIRST_LOOK_MS = 50;
/** The first may have been written before the question, the second was not. */
const HEARTBEATS = 2;

export interface DoubtsOptions {
  readonly clock: Clock;
  readonly limits: Pick<Limits, "heartbeatMs">;
  /** Of these players those who play (`LobbyIndex.playing`). */
  readonly playing: (players: readonly string[]) => Promise<readonly Playing[]>;
  /** Whether the ticket is still with its owner, and in no match. */
  readonly isWaiting: (ticket: EnlistedTicket) => boolean;
  readonly cleared: (ticket: EnlistedTicket) => void;
  readonly confirmed: (ticket: EnlistedTicket) => void;
}

interface Doubt {
  readonly ticket: EnlistedTicket;
  readonly players: readonly string[];
  readonly sinceMs: number;
  /** By player: the heartbeat that was the last one as the index was first asked; one from before a gap is none. */
  readonly seqs: Map<string, number>;
}

export interface Doubts {
  /** The index has said that these players of the ticket sit in another match. */
  raise(ticket: EnlistedTicket, players: readonly string[]): void;
  has(ticket: EnlistedTicket): boolean;
  stop(): void;
}

export function createDoubts({ clock, limits, playing, isWaiting, cleared, confirmed }: DoubtsOptions): Doubts {
  const doubted = new Set<EnlistedTicket>();
  let isStopped = false;

  function lookIn(doubt: Doubt, ms: number): void {
    clock.after(ms, () => void look(doubt, Math.min(2 * ms, limits.heartbeatMs / 2)));
  }

  async function look(doubt: Doubt, againMs: number): Promise<void> {
    const { ticket, players } = doubt;
    // An index that does not answer says nothing: asked again.
    const found = isStopped || !isWaiting(ticket) ? undefined : await playing(players).catch(() => undefined);
    if (isStopped || !isWaiting(ticket)) return void doubted.delete(ticket);
    const isCleared = found?.length === 0;
    if (!isCleared && !(found && isSure(doubt, found))) return lookIn(doubt, againMs);
    doubted.delete(ticket);
    if (isCleared) cleared(ticket);
    else confirmed(ticket);
  }

  function isSure({ seqs, sinceMs }: Doubt, found: readonly Playing[]): boolean {
    let isSaidAgain = false;
    for (const { player, seq } of found) {
      if (seq === 0) continue;
      const first = Math.min(seqs.get(player) ?? seq, seq);
      seqs.set(player, first);
      if (seq >= first + HEARTBEATS) isSaidAgain = true;
    }
    // A server with much to say sends several heartbeats in a row.
    return isSaidAgain && clock.nowMs() - sinceMs >= limits.heartbeatMs;
  }

  return {
    raise(ticket, players) {
      if (doubted.has(ticket)) return;
      doubted.add(ticket);
      lookIn({ ticket, players, sinceMs: clock.nowMs(), seqs: new Map() }, FIRST_LOOK_MS);
    },
    has: (ticket) => doubted.has(ticket),
    stop() {
      isStopped = true;
    },
  };
}
