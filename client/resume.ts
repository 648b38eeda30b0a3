/**
 * Back to the running room after a reload, a crash, or on another device. First with what this page's storage holds, which needs
 * nobody but the game server; then, for a signed-in player, by his name: the edge asks the metros where he sits. A guest has
 * nothing but the storage. The newer connection ends the older one, and whoever has no seat any more is told NOTHING_TO_RESUME.
 * A match whose server left is not there any more: its metro is asked where it is placed again.
 */
import type { Room } from "@colyseus/sdk";
import type { Seat } from "@frontrow/shared/protocol/words.ts";
import { isGone } from "./after-join.ts";
import { type Dialled, joinRoom } from "./join-room.ts";
import type { KeptSeat, StoredSeat } from "./kept-seat.ts";
import { pause } from "./pause.ts";
import { type Failure, failure } from "./ticket.ts";
import type { PlayResult } from "./words.ts";

/** How long a game server that has many coming back at once is asked again. */
const RETURN_MS = 20_000;
/** Stands in the seat token's place in a reconnection's address. */
const RECONNECT_SEGMENT = "r";
/** The seat may still be there, only nobody could be asked. */
const UNDECIDED: ReadonlySet<string> = new Set(["SERVER_UNREACHABLE", "DEADLINE", "RATE_LIMITED", "CANCELLED"]);

/** The seat that was come back to; what the storage then keeps, but for the token. */
export interface Resumed {
  readonly room: Room;
  readonly about: Omit<StoredSeat, "token">;
  readonly why: readonly string[];
}

export interface ResumeOptions {
  readonly base: URL;
  readonly kept: KeptSeat;
  readonly signal: AbortSignal | undefined;
  /** Of a signed-in player: who he is, as the edge says. Undefined: a guest. */
  readonly whoAmI: (() => Promise<{ readonly playerId: string } | Failure>) | undefined;
  /** A token for the seat where he sits. */
  readonly askForSeat: () => Promise<FoundSeat | Failure>;
  /** Into the match of a seat whose server left with it, wherever it is placed again. */
  readonly askForMatch: (seat: StoredSeat) => Promise<PlayResult>;
}

export interface FoundSeat {
  readonly seat: Seat;
  readonly metro: string;
  readonly why: readonly string[];
  readonly match?: string | undefined;
  readonly team?: number | undefined;
}

export async function resume(options: ResumeOptions): Promise<Resumed | PlayResult> {
  const { base, kept, signal, whoAmI, askForSeat, askForMatch } = options;
  const me = await whoAmI?.();
  if (me && "ok" in me) return me;
  const stored = kept.read();
  // On a shared device the storage may be somebody else's.
  if (stored && (me ? !stored.guest && stored.playerId === me.playerId : stored.guest)) {
    const { token, isCut, ...about } = stored;
    const seat = { ...about, sessionId: token.slice(0, token.indexOf(".")), token: RECONNECT_SEGMENT };
    const room = isCut ? failure("DRAINING") : await joinAgain(base, { ...seat, reconnectionToken: token }, signal);
    if (!("ok" in room)) return { room, about, why: ["This page had the seat."] };
    // Whoever leaves lets nobody in only when its matches are cut.
    if (room.code === "DRAINING" && about.match !== undefined) {
      const moved = await askForMatch(stored);
      if (moved.ok || !isGone(moved.code)) return moved;
    }
    if (!UNDECIDED.has(room.code)) kept.forget(token);
    if (room.code === "CANCELLED" || (!me && UNDECIDED.has(room.code))) return room;
  }
  if (!me) return failure("NOTHING_TO_RESUME");
  const found = await askForSeat();
  if ("ok" in found) return found;
  const { seat, metro, why, match, team } = found;
  const room = await joinAgain(base, seat, signal);
  if ("ok" in room) return UNDECIDED.has(room.code) ? room : failure("NOTHING_TO_RESUME", room.message);
  const { mode, roomId, publicAddress, secure, code } = seat;
  const own = { playerId: me.playerId, guest: false, code, match, team };
  return { room, about: { mode, roomId, publicAddress, secure, metro, ...own }, why };
}

/** Whoever comes back with many others waits for his turn. */
async function joinAgain(base: URL, seat: Dialled, signal: AbortSignal | undefined): Promise<Room | Failure> {
  const untilMs = performance.now() + RETURN_MS;
  for (;;) {
    const room = await joinRoom(base, seat, signal, { isReturn: true });
    if (!("ok" in room) || room.code !== "RATE_LIMITED" || performance.now() > untilMs) return room;
    await pause(room.retryAfterMs * (0.5 + Math.random()), signal);
    if (signal?.aborted) return failure("CANCELLED");
  }
}
