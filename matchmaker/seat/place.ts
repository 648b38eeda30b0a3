/**
 * From a ticket to a seat: reserve in the index, make sure that the server is one of ours, sign the token.
 * A server whose registration nobody signed gets its hold taken back and is avoided from then on.
 */
import type { LobbyIndex, Reservation, ReserveReply } from "@frontrow/lobby/lobby.ts";
import { checkOptions, type JoinOptionsValue } from "@frontrow/shared/config/check-options.ts";
import type { Mode } from "@frontrow/shared/config/modes.ts";
import { type ErrorCode, FrontrowError } from "@frontrow/shared/errors.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import { base62, normaliseRoomCode, roomCodeOf } from "@frontrow/shared/metro.ts";
import { modeHint } from "@frontrow/shared/nearest.ts";
import type { RoundTrip, Seat, Target } from "@frontrow/shared/protocol/words.ts";
import type { Servers } from "./servers.ts";
import type { SignSeat } from "./sign-seat.ts";
import type { WatchTarget } from "./watch.ts";

/** Untrusted servers and taken codes are stepped around this often before the ticket is told that nothing is free. */
const TRIES = 3;

type PlaceTarget = Exclude<Target, WatchTarget>;

export interface SeatWish {
  /** Identity of the seat across repeats: the player and the player's own name for the ticket. */
  readonly ticket: string;
  readonly player: string;
  readonly guest: boolean;
  readonly target: PlaceTarget;
  readonly compat: string;
  readonly options: JoinOptionsValue;
  readonly rtt: RoundTrip;
}

export interface PlaceOptions {
  readonly metro: string;
  readonly modes: Readonly<Record<string, Mode>>;
  readonly index: LobbyIndex;
  readonly servers: Servers;
  readonly sign: SignSeat;
  readonly limits: Limits;
  /** Cryptographic random bytes. */
  readonly random: (bytes: number) => Uint8Array;
}

/** What an asker is told of each reply. */
export const REFUSALS: Record<Exclude<ReserveReply["kind"], "RESERVED" | "CODE_TAKEN">, ErrorCode> = {
  NO_SERVER: "NO_CAPACITY",
  PAUSED: "MODE_PAUSED",
  ROOM_GONE: "ROOM_NOT_FOUND",
  ROOM_FULL: "ROOM_FULL",
  ROOM_LOCKED: "ROOM_LOCKED",
  CODE_UNKNOWN: "CODE_UNKNOWN",
  EXPIRED: "DEADLINE",
  ABORTED: "CANCELLED",
  SEATED: "ALREADY_SEATED",
};

/** Rejects with FrontrowError; a rejected wish holds no seat. */
export function createPlace({ metro, modes, index, servers, sign, limits, random }: PlaceOptions) {
  function modeNamed(name: string): Mode {
    const mode = Object.hasOwn(modes, name) ? modes[name] : undefined;
    if (mode?.kind === "match") throw new FrontrowError("MODE_QUEUED");
    if (mode) return mode;
    throw new FrontrowError("UNKNOWN_MODE", modeHint(name, Object.keys(modes)));
  }

  function reservationOf(wish: SeatWish, target: Reservation["target"], seats: number): Reservation {
    const fresh = { seats, suffix: base62(random(8)), code: roomCodeOf(metro, random(8)) };
    return { ticket: wish.ticket, seats: 1, compat: wish.compat, target, fresh, avoid: servers.distrusted() };
  }

  return async function place(wish: SeatWish): Promise<Seat> {
    const target = targetOf(wish.target);
    const knownMode = "mode" in target ? modeNamed(target.mode) : undefined;
    const checked = knownMode && checkOptions(knownMode, wish.options, limits.joinOptionsBytes);
    for (let tries = 0; tries < TRIES; tries++) {
      const held = await index.reserve(reservationOf(wish, target, knownMode?.seats ?? 1));
      if (held.kind === "CODE_TAKEN") continue;
      if (held.kind !== "RESERVED") {
        throw new FrontrowError(REFUSALS[held.kind], detailOf(held, target));
      }
      try {
        const options = checked ?? checkOptions(modeNamed(held.mode), wish.options, limits.joinOptionsBytes);
        const known = servers.trusted(held.server, held.boot);
        const server = known instanceof Promise ? await known : known;
        const { ticket, player, guest, compat, rtt } = wish;
        if (server) return sign({ ticket, place: 0, player, guest, compat, options, rtt }, held, server);
      } catch (error) {
        void index.release(wish.ticket).catch(() => {});
        throw error;
      }
      await index.release(wish.ticket);
    }
    throw new FrontrowError("NO_CAPACITY");
  };
}

function detailOf(reply: ReserveReply, target: Reservation["target"]): string | undefined {
  if (reply.kind === "PAUSED") return `(${reply.flag})`;
  return target.kind === "open" ? `None of the mode "${target.mode}" is open.` : undefined;
}

function targetOf(target: PlaceTarget): Reservation["target"] {
  if (target.kind !== "code") return target;
  const code = normaliseRoomCode(target.code);
  if (!code) throw new FrontrowError("CODE_UNKNOWN");
  return { kind: "code", code };
}
