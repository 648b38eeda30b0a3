/**
 * Locks and commits (INVARIANTS 1 to 4, 6, 12, 20, 21). A match is committed when the index has taken its seats, whoever knows it. Who was
 * asked is seen from the proposals that left, who has locked from what its holder said; what a holder may forget again it must have
 * been told, or have waited for as long as seats are held for anybody.
 */
import type { Reservation, Reserved, ReserveReply } from "@frontrow/lobby/lobby.ts";
import { matchKey } from "@frontrow/matchmaker/seat/place-match.ts";
import { readRoster } from "@frontrow/matchmaker/seat/roster.ts";
import type { HolderMessage, OwnerMessage } from "@frontrow/shared/protocol/match-link.ts";
import type { HeldOutcome } from "@frontrow/shared/ticket/holders.ts";
import { nameOf, type Wish, type World } from "../words.ts";
import { matchOfKey } from "../world/match-key.ts";
import { readToken } from "../world/token.ts";
import type { Watcher } from "./watch.ts";

interface Lock {
  readonly match: string;
  readonly atMs: number;
  /** How long it was to hold. */
  readonly lockMs: number;
  /** A ready check's locks hold until the check is over, too. */
  readonly askMs: number;
}

interface Match {
  readonly id: string;
  readonly parts: Set<Wish>;
  /** Since when its seats are taken, in this room. */
  committed: { roomId: string; server: string; boot: string; readonly players: readonly string[] } | undefined;
  /** The index lost it, or its server did: what is promised elsewhere meanwhile is nobody's fault. */
  isLost: boolean;
}

export function watchPromises(world: Omit<World, "watch">, broken: (rule: string, what: string) => void): Watcher {
  const { scheduler, limits, counts, store } = world;
  const matches = new Map<string, Match>();
  const locks = new Map<Wish, Lock>();
  const proposals = new Map<string, { lockMs: number; askMs: number }>();
  const committedOf = new Map<Wish, Match[]>();
  const gaveUp = new Map<Wish, Set<string>>();
  const matchOfRoom = new Map<string, string>();
  /** Players with a seat that they were told of and have not left. */
  const seatOf = new Map<string, string>();
  /** Opened by who had a seat already; that the index refuses what it knows of is another rule (`playing.ts`). */
  const beside = new WeakSet<Wish>();

  function matchOf(id: string): Match {
    const known = matches.get(id);
    if (known) return known;
    const match: Match = { id, parts: new Set(), committed: undefined, isLost: false };
    matches.set(id, match);
    return match;
  }

  /** Whether the index still keeps the player's seat in the match. */
  function isKept({ id, committed, isLost }: Match, player: string): boolean {
    const hold = store.state.holds.get(matchKey(id));
    if (!committed || isLost || hold?.roomId !== committed.roomId) return false;
    const seat = hold.seats[committed.players.indexOf(player)];
    return seat === "s" || (seat === "." && (store.state.holdsDue.get(matchKey(id)) ?? 0) > store.nowMs());
  }

  // ---- locks --------------------------------------------------------------------------------------------------------

  function lock(wish: Wish, id: string): void {
    const before = locks.get(wish);
    if (before?.match === id) return;
    if (wish.end) broken("SM4", `${nameOf(wish)} is ${wish.end} and locks for ${id}`);
    if (before) mayForget(wish, before, `locks for ${id}`);
    const { lockMs, askMs } = proposals.get(`${wish.edge}#${wish.n}/${id}`) ?? { lockMs: 0, askMs: 0 };
    locks.set(wish, { match: id, atMs: scheduler.nowMs, lockMs, askMs });
  }

  /** A lock that ran out is free only when nobody has answered for as long as seats are held. */
  function mayForget(wish: Wish, { match, atMs, lockMs }: Lock, what: string): void {
    const patienceMs = lockMs + limits.seatHoldMs + limits.ticketLockMs;
    if (scheduler.nowMs - atMs < patienceMs) {
      broken(
        "SM1",
        `${nameOf(wish)} ${what} ${Math.round(scheduler.nowMs - atMs)} ms after its lock for ${match}, which nobody released`,
      );
    }
    counts["gave up settling"]++;
    const left = gaveUp.get(wish) ?? new Set();
    gaveUp.set(wish, left.add(match));
    locks.delete(wish);
  }

  function said(wish: Wish, message: Exclude<HolderMessage, { t: "renew" }>): void {
    if (message.t === "locked") return lock(wish, message.match);
    const held = locks.get(wish);
    if (message.t === "enlist" && held) mayForget(wish, held, "is enlisted again");
  }

  function hears(wish: Wish, message: Exclude<OwnerMessage, { t: "unknown" }>): void {
    if (message.t === "propose") {
      const { match, lockMs, askMs = 0 } = message;
      proposals.set(`${wish.edge}#${wish.n}/${match}`, { lockMs, askMs });
    }
    if (message.t !== "released" || locks.get(wish)?.match !== message.match) return;
    locks.delete(wish);
    const match = matchOf(message.match);
    if (isKept(match, wish.player)) broken("SM2", `${nameOf(wish)} is released from ${match.id}, which has its seats`);
  }

  // ---- commits ------------------------------------------------------------------------------------------------------

  function reserved(wanted: Reservation, reply: ReserveReply): void {
    const id = matchOfKey(wanted.ticket);
    if (reply.kind !== "RESERVED" || id === undefined) return;
    const match = matchOf(id);
    if (match.committed) return again(match, reply);
    counts.matches++;
    const roster = readRoster(wanted.roster ?? "");
    const players = roster?.seats.map(([player]) => player) ?? [];
    match.committed = { roomId: reply.roomId, server: reply.server, boot: reply.boot, players };
    takeRoom(match, reply);
    const asked = [...match.parts];
    if (players.length !== asked.length || players.some((player) => !asked.some((wish) => wish.player === player))) {
      broken("SM2", `${match.id} takes seats for ${players} and asked ${asked.map(nameOf)}`);
    }
    if (new Set(asked.map(({ mode, compat }) => `${mode}|${compat}`)).size > 1) {
      broken("SM12", `${match.id} mixes modes or builds: ${asked.map(nameOf)}`);
    }
    for (const wish of asked) commit(wish, match);
    checkParties(match, asked);
  }

  function commit(wish: Wish, match: Match): void {
    const held = locks.get(wish);
    if (held?.match !== match.id) {
      const rule = wish.end === "cancelled" ? "SM4" : "SM3";
      broken(rule, `${match.id} takes seats without a lock of ${nameOf(wish)}, ${wish.end ?? held?.match ?? "free"}`);
    } else if (scheduler.nowMs > held.atMs + held.lockMs + held.askMs) counts["commits while settling"]++;
    for (const other of committedOf.get(wish) ?? []) {
      if (gaveUp.get(wish)?.has(other.id) || !isKept(other, wish.player)) continue;
      broken("SM1", `${nameOf(wish)} is in ${match.id} and still in ${other.id}`);
    }
    committedOf.set(wish, [...(committedOf.get(wish) ?? []), match]);
  }

  function checkParties(match: Match, asked: readonly Wish[]): void {
    for (const { party } of asked) {
      if (!party) continue;
      const members = asked.filter((other) => other.party?.key === party.key).map((other) => other.party!.part);
      if (new Set(members).size !== party.parts) {
        broken("SM11", `${match.id} has members ${members} of ${party.key}, which are ${party.parts}`);
      }
    }
  }

  function takeRoom(match: Match, { roomId, capacity }: Reserved): void {
    const other = matchOfRoom.get(roomId);
    if (other !== undefined && other !== match.id) broken("SM7", `${match.id} and ${other} share room ${roomId}`);
    matchOfRoom.set(roomId, match.id);
    if (match.committed!.players.length > capacity) broken("SM7", `${match.id} has more players than ${roomId} seats`);
  }

  /** The same reservation once more: the same room, unless nobody could sit down where it was. */
  function again(match: Match, reply: Reserved): void {
    if (reply.roomId === match.committed!.roomId) return;
    const seated = [...match.parts].filter((wish) => wish.end === "seat");
    // A copy of the reservation may find the server gone: nobody can sit where they were told to.
    const { server, boot } = match.committed!;
    const isGone =
      store.state.servers.get(server)?.boot !== boot || store.state.servers.get(server)!.leaseUntilMs <= store.nowMs();
    if (seated.length > 0 && !match.isLost && !isGone) {
      broken(
        "SM2",
        `${match.id} moves from ${match.committed!.roomId} to ${reply.roomId} after ${seated.map(nameOf)} were told`,
      );
    }
    Object.assign(match.committed!, { roomId: reply.roomId, server: reply.server, boot: reply.boot });
    takeRoom(match, reply);
  }

  // ---- what clients are told ----------------------------------------------------------------------------------------

  function ended(wish: Wish, outcome: HeldOutcome): void {
    if (wish.end === "cancelled") return broken("SM4", `${nameOf(wish)} is told of its end after it was cancelled`);
    if (wish.end) return broken("SM1", `${nameOf(wish)} is told twice how it ended`);
    if (!outcome.ok) return;
    const match = matchOf(outcome.match);
    const { room, player } = readToken(outcome.seat.token);
    if (!match.committed) return broken("SM3", `${nameOf(wish)} is told of a seat in ${match.id}, which has none`);
    if (room !== match.committed.roomId && !match.isLost) {
      broken("SM2", `${nameOf(wish)} is told of ${room}, ${match.id} is in ${match.committed.roomId}`);
    }
    if (player !== wish.player || match.committed.players[outcome.place] !== player) {
      broken("SM2", `${nameOf(wish)} is told of the seat of ${player}`);
    }
    if (wish.isDeaf) return;
    const other = seatOf.get(wish.player);
    if (other !== undefined && !beside.has(wish))
      broken("SM6", `${wish.player} has a seat in ${other} and gets one in ${match.id}`);
    seatOf.set(wish.player, match.id);
  }

  return {
    wished: (wish) => void (seatOf.has(wish.player) && beside.add(wish)),
    tells(_replica, wish, message) {
      if (message.t === "propose") matchOf(message.match).parts.add(wish);
    },
    said,
    hears,
    reserved,
    ended,
    cancelled(wish) {
      if (wish.end === "seat") broken("SM4", `${nameOf(wish)} is cancelled after its seat`);
    },
    settled(id, reply) {
      const match = matchOf(id);
      if (reply.kind === "RESERVED" && match.committed) again(match, reply);
      else if (reply.kind === "RESERVED" && !match.isLost)
        broken("SM3", `${id} is settled with seats that nobody took`);
    },
    forgot() {
      for (const match of matches.values()) {
        if (match.committed && !store.state.holds.get(matchKey(match.id))) match.isLost = true;
      }
    },
    left: (player) => void seatOf.delete(player),
  };
}
