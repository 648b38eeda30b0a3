/**
 * From a wish to a joined room, and back to one: the ticket, the join, what is asked for instead when one fails, and the way back when
 * the room's server leaves. `sit` reads from top to bottom as a ticket goes; what follows on a failure is decided in `after-join.ts`.
 */
import type { Room } from "@colyseus/sdk";
import type { TicketRequest, Up } from "@frontrow/shared/protocol/up.ts";
import { afterFailedAgain, afterFailedJoin, isFinal, isGone } from "./after-join.ts";
import { type Connection, lossOf } from "./connection.ts";
import { joinRoom } from "./join-room.ts";
import { keepSeat } from "./keep-seat.ts";
import type { KeptSeat, StoredSeat, StoredWish } from "./kept-seat.ts";
import type { PartyTicket } from "./party.ts";
import { pause } from "./pause.ts";
import { resume } from "./resume.ts";
import { type Failure, failure, type Seated, type TicketWatch, watchTicket } from "./ticket.ts";
import { RETURN_RETRY_MS, RETURN_SPREAD_MS, whenCut } from "./way-back.ts";
import type { PlayOptions, PlayResult, ResumeOptions } from "./words.ts";

/** Until a ticket that waited at an edge that is gone is taken to the next one. */
const REDIAL_MS = 500;

export interface SittingOptions {
  /** The edge's address. */
  readonly base: URL;
  readonly connection: Connection;
  readonly kept: KeptSeat;
  /** Tickets that wait for an answer; each hears what the edge says. */
  readonly tickets: Map<string, TicketWatch>;
  readonly newId: () => string;
  readonly isGuest: boolean;
}

export interface Sitting {
  /** Never rejects. */
  sit(wish: Wish, init?: PlayOptions): Promise<PlayResult>;
  resume(init: ResumeOptions): Promise<PlayResult>;
  /** What every wish has. */
  wishOf(init?: PlayOptions): { id: string; options?: never };
}

export function createSitting({ base, connection, kept, tickets, newId, isGuest }: SittingOptions): Sitting {
  /** One ticket to its seat, or to its seat again. */
  async function seat(request: Wish | Again | Back, init: PlayOptions): Promise<SeatedPlayer | Failure> {
    if (request.t !== "again" && request.t !== "resume") init.onState?.({ state: "searching", why: [] });
    let playerId: string | undefined;
    let guest = true;
    // A ticket that no edge has heard of needs no cancelling.
    const cancel = (message: Up) => playerId && connection.send(message);
    // An edge that keeps its own deadline always answers in time: this socket is dead, though nobody said so.
    const watch = watchTicket(request.id, cancel, ({ ok: _ok, ...why }) => connection.close(why), init);
    tickets.set(request.id, watch);
    if (!init.signal?.aborted) {
      connection.open().then(
        (welcome) => {
          if (!tickets.has(request.id)) return;
          ({ playerId, guest } = welcome);
          if (request.t !== "part") connection.send(request);
          else if (request.ask) connection.send(request.ask);
        },
        (error) => watch.lost(lossOf(error)),
      );
    }
    const answer = await watch.answer;
    tickets.delete(request.id);
    const receipt = watch.receipt();
    // The edge is gone, not the wish: at the next edge it goes on with the age that it has.
    if (!answer.ok && answer.code === "EDGE_UNREACHABLE" && receipt && request.t === "play" && !init.signal?.aborted) {
      await pause(REDIAL_MS * (0.5 + Math.random()), init.signal);
      return seat({ ...request, receipt }, init);
    }
    return answer.ok ? { seated: answer.seated, playerId: playerId ?? "", guest, receipt } : answer;
  }

  /** `cut`: its server left with the match that it brought. */
  async function sit(first: Wish, init: PlayOptions = {}, cut?: Cut): Promise<PlayResult> {
    let request = first;
    let asked: Wish | Again = cut ? { t: "again", id: first.id, refused: true, seat: cut.seat } : first;
    let receipt = cut?.receipt;
    /** Why the last join failed; joins so far; a fresh ticket in place of a match that is not to be any more. */
    let refused = cut && failure("SERVER_LEFT");
    let failed = 0;
    let isRenewed = false;
    const fresh = () => ({ ...request, ...wishOf(init), ...(request.t === "play" && receipt ? { receipt } : {}) });
    const cancel = () => connection.send({ t: "cancel", id: request.id });
    for (;;) {
      const found = await seat(asked, init);
      if ("ok" in found) {
        if (!refused || asked.t !== "again") return found;
        const cutMs = cut && performance.now() - cut.atMs;
        const next = afterFailedAgain(found.code, { isRenewed, cutMs });
        if (next === "again") {
          await pause(Math.max(found.retryAfterMs, RETURN_RETRY_MS), init.signal);
          continue;
        }
        if (next === undefined || cut) cancel();
        // A party wishes anew together.
        if (next === undefined || request.t === "part" || cut?.isAskedFor) {
          const saysMore =
            found.code === "CANCELLED" || (cut && (isFinal(found.code) || (cut.isAskedFor && isGone(found.code))));
          return saysMore ? found : refused;
        }
        isRenewed = true;
        request = asked = fresh();
        continue;
      }
      const { metro, why, seat: place, match, team } = found.seated;
      receipt = found.receipt ?? receipt;
      init.onState?.({ state: "joining", metro, why });
      const room = await joinRoom(base, place, init.signal);
      if (!("ok" in room)) {
        const { mode, roomId, code, publicAddress, secure } = place;
        const { playerId, guest } = found;
        const about = { mode, roomId, code, publicAddress, secure, metro, playerId, guest, match, team };
        return joined({ room, about, why, request, init, receipt });
      }
      const next = afterFailedJoin(room.code, match !== undefined, failed++);
      refused = room;
      if (!next || next.is === "fresh") cancel();
      if (!next) return room;
      if (next.is === "again") {
        asked = { t: "again", id: request.id, refused: next.refused };
        continue;
      }
      if (next.is === "fresh") request = fresh();
      asked = request;
      await pause(room.retryAfterMs, init.signal);
      if (init.signal?.aborted) {
        // A fresh ticket has no seat yet, and the old one is cancelled.
        if (next.is === "same") cancel();
        return failure("CANCELLED");
      }
    }
  }

  /** The match's new room, or the same wish once more; told where somebody waits to hear of it. */
  async function comeBack(request: Wish, init: PlayOptions, ofMatch: Omit<Cut, "atMs"> | undefined): Promise<void> {
    if (!init.onMoved || init.signal?.aborted) return;
    const cut = ofMatch && { ...ofMatch, atMs: performance.now() };
    await pause(Math.random() * RETURN_SPREAD_MS, init.signal);
    init.onMoved(await sit(cut ? request : { ...request, ...wishOf(init) }, init, cut));
  }

  function joined({ room, about, why, request, init, receipt }: Arrival): PlayResult {
    const { mode, roomId, code, metro, playerId, match, team } = about;
    whenCut(room, () => {
      const seat = match === undefined ? undefined : matchSeat(match, roomId, init);
      void comeBack(request, init, seat && { receipt, seat });
    });
    keepSeat(room, { ...about, wish: storedWishOf(request) }, kept);
    return { ok: true, room, mode, roomId, code, metro, why, playerId, match, team };
  }

  async function resumeSeat(given: ResumeOptions): Promise<PlayResult> {
    const { signal } = given;
    if (signal?.aborted) return failure("CANCELLED");
    /** What was asked for then, as far as it is known, with what is given now. */
    const wishAgain = ({ mode, wish }: Pick<StoredSeat, "mode" | "wish">) => {
      const request = { ...(wish ?? { t: "play" as const, mode }), ...wishOf(given) };
      const init: PlayOptions = "options" in request ? { ...given, options: request.options as never } : given;
      return { request, init };
    };
    const back = await resume({
      base,
      kept,
      signal,
      whoAmI: isGuest ? undefined : () => connection.open().catch(lostFailure),
      async askForSeat() {
        const found = await seat({ t: "resume", id: newId() }, signal ? { signal } : {});
        return "ok" in found ? found : found.seated;
      },
      askForMatch(stored) {
        const { request, init } = wishAgain(stored);
        const { match = "", roomId } = stored;
        const seat = matchSeat(match, roomId, init);
        return sit(request, init, { atMs: performance.now(), receipt: undefined, seat, isAskedFor: true });
      },
    });
    return "ok" in back ? back : joined({ ...back, ...wishAgain(back.about), receipt: undefined });
  }

  const wishOf = (init: PlayOptions = {}) => ({
    id: newId(),
    ...(init.options ? { options: init.options as never } : {}),
  });

  return { sit, resume: resumeSeat, wishOf };
}

/** What a place is sought with; a party's ticket is its party's to ask for. */
export type Wish = TicketRequest | PartyTicket;
type Again = Extract<Up, { t: "again" }>;
type MatchSeat = NonNullable<Again["seat"]>;
/** When a match was cut, the proof of how long its ticket had waited, and where it was; `isAskedFor`: that match, or nothing. */
interface Cut {
  readonly atMs: number;
  readonly receipt: string | undefined;
  readonly seat: MatchSeat;
  readonly isAskedFor?: true;
}
/** In a room, and with what one would ask for again. */
interface Arrival {
  readonly room: Room;
  readonly about: Omit<StoredSeat, "token">;
  readonly why: readonly string[];
  readonly request: Wish;
  readonly init: PlayOptions;
  readonly receipt: string | undefined;
}
function storedWishOf(request: Wish): StoredWish {
  if (request.t === "part") return { t: "part" };
  const { id: _id, ...wish } = request;
  if ("receipt" in wish) delete wish.receipt;
  return wish;
}
const matchSeat = (match: string, roomId: string, { options }: PlayOptions): MatchSeat => ({
  match,
  roomId,
  ...(options ? { options: options as MatchSeat["options"] } : {}),
});
type Back = Extract<Up, { t: "resume" }>;
const lostFailure = (error: unknown): Failure => ({ ok: false, ...lossOf(error) });

interface SeatedPlayer {
  readonly seated: Seated;
  readonly playerId: string;
  readonly guest: boolean;
  readonly receipt: string | undefined;
}
