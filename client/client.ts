/**
 * Frontrow for game clients, in browsers and in Node: ask for a place, get a joined Colyseus room or a reason.
 *
 *   const client = createClient<typeof config>({ url: "http://localhost:2567" });
 *   const played = await client.play("arena");
 *   if (played.ok) played.room.onStateChange(…); else console.log(played.code, played.message);
 *
 * Each client is one player: two clients on one page are two guests, or the same player twice if they share a JWT.
 */
import type { Room } from "@colyseus/sdk";
import type { ModeNames, OptionsOf, StateOf } from "@frontrow/shared/config/modes.ts";
import { refusal } from "@frontrow/shared/errors.ts";
import type { Subprotocol } from "@frontrow/shared/protocol/codec.ts";
import type { TicketRequest, Up } from "@frontrow/shared/protocol/up.ts";
import { type RoomPage, TypedRoomCode } from "@frontrow/shared/protocol/words.ts";
import { afterFailedAgain, afterFailedJoin, isFinal, isGone } from "./after-join.ts";
import { baseOf } from "./base.ts";
import { createConnection, LostConnection, lossOf } from "./connection.ts";
import { joinRoom } from "./join-room.ts";
import { keepSeat } from "./keep-seat.ts";
import { createKeptSeat, defaultStorage, type StoredSeat, type StoredWish } from "./kept-seat.ts";
import { createParties, type PartyTicket } from "./party.ts";
import { pause } from "./pause.ts";
import { resume } from "./resume.ts";
import { type Failure, failure, type Seated, type TicketWatch, watchTicket } from "./ticket.ts";
import { RETURN_RETRY_MS, RETURN_SPREAD_MS, whenCut } from "./way-back.ts";
import type { ClientOptions, Distances, Party, PartyInit, PlayOptions, PlayResult, ResumeOptions } from "./words.ts";

export type { SeatStorage } from "./kept-seat.ts";
export type { Failure, TicketState } from "./ticket.ts";
export { whyLeft } from "./why-left.ts";
export type {
  ClientOptions,
  Distances,
  Party,
  PartyCall,
  PartyInit,
  PartyMember,
  Played,
  PlayOptions,
  PlayResult,
  ResumeOptions,
} from "./words.ts";

export interface FrontrowClient<C> {
  /** A place in the best open room of `mode`, else in a new one. Never rejects. */
  play<N extends ModeNames<C>>(
    mode: N,
    init?: PlayOptions<OptionsOf<C, N>, StateOf<C, N>>,
  ): Promise<PlayResult<StateOf<C, N>>>;
  /** A room of one's own; a private one is not listed, and `code` lets friends in. */
  create<N extends ModeNames<C>>(
    mode: N,
    init?: PlayOptions<OptionsOf<C, N>, StateOf<C, N>> & { readonly private?: boolean },
  ): Promise<PlayResult<StateOf<C, N>>>;
  /** A place in one room, named by its id, or by the code of a private one as a person types it. */
  join<N extends ModeNames<C> = ModeNames<C>>(
    room: { roomId: string } | { code: string },
    init?: PlayOptions<OptionsOf<C, N>, StateOf<C, N>>,
  ): Promise<PlayResult<StateOf<C, N>>>;
  /** Looks on in a room that takes spectators, by its id or its code; what is sent there is refused unless the room allows it. */
  spectate<N extends ModeNames<C> = ModeNames<C>>(
    room: { roomId: string } | { code: string },
    init?: Omit<PlayOptions, "options">,
  ): Promise<PlayResult<StateOf<C, N>>>;
  /**
   * After a reload: the room that this page's player was in, joined again on the same seat, with its state; a signed-in player's
   * also without anything stored, such as on another device. After SERVER_LEFT: the match's new room, for whoever `onMoved` did not bring
   * there. NOTHING_TO_RESUME: there is none. Never rejects.
   */
  resume<N extends ModeNames<C> = ModeNames<C>>(
    init?: ResumeOptions<OptionsOf<C, N>, StateOf<C, N>>,
  ): Promise<PlayResult<StateOf<C, N>>>;
  /** A party of one's own; its `code` lets friends in, and its maker leads it. Never rejects. */
  createParty(init?: PartyInit<C>): Promise<Party<C> | Failure>;
  /** Into a friend's party, by its code as a person types it. Never rejects. */
  joinParty(code: string, init?: PartyInit<C>): Promise<Party<C> | Failure>;
  /**
   * Public rooms of a mode, a page at a time; pass `next` as `after` for more; `watchable`: those that take spectators, matches among
   * them. Rejects with an Error whose `refusal` says code,
   * message, whether and when to ask again, and the request id.
   */
  rooms(mode: ModeNames<C>, page?: { after?: string; limit?: number; watchable?: boolean }): Promise<RoomPage>;
  /** The verified distances, once there are any. */
  distances(): Distances | undefined;
  onDistances(told: (distances: Distances) => void): void;
  /** Ends the socket to the edge, which keeps a Node process alive; rooms stay joined. */
  close(): void;
}

/** Until a ticket that waited at an edge that is gone is taken to the next one. */
const REDIAL_MS = 500;

// `unknown` lets every mode name through; with `typeof config` only the config's own.
export function createClient<C = unknown>(options: ClientOptions): FrontrowClient<C> {
  const base = baseOf(options.url);
  const subprotocol: Subprotocol = options.wire === "json" ? "frontrow.v1.json" : "frontrow.v1";
  const tickets = new Map<string, TicketWatch>();
  const listeners: ((distances: Distances) => void)[] = [];
  let distances: Distances | undefined;
  const kept = createKeptSeat(options.storage ?? defaultStorage(), base.href);
  let nextId = 0;
  const instance = Math.random().toString(36).slice(2, 10);

  const connection = createConnection({
    url: `${base.origin.replace(/^http/, "ws")}${base.pathname.replace(/\/$/, "")}/v1/ws`,
    subprotocol,
    WebSocket: options.WebSocket ?? WebSocket,
    async hello() {
      const jwt = typeof options.jwt === "function" ? await options.jwt() : options.jwt;
      const { build, platform } = options;
      return { ...(jwt ? { jwt } : {}), ...(build ? { build } : {}), ...(platform ? { platform } : {}) };
    },
    onMessage(message) {
      if (message.t === "distances") {
        distances = { edge: message.edge, metros: message.metros };
        for (const told of listeners) told(distances);
      }
      for (const ticket of tickets.values()) ticket.hear(message);
      parties.hear(message);
    },
    onLost: (why) => {
      for (const ticket of tickets.values()) ticket.lost(why);
      parties.lost(why);
    },
  });
  const newId = () => `${instance}-${nextId++}`;
  const parties = createParties({ connection, newId, sit });

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
    const { options } = init as { options?: MatchSeat["options"] };
    whenCut(room, () => {
      const seat = match === undefined ? undefined : { match, roomId, ...(options ? { options } : {}) };
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
      whoAmI: options.jwt === undefined ? undefined : () => connection.open().catch(lostFailure),
      async askForSeat() {
        const found = await seat({ t: "resume", id: newId() }, signal ? { signal } : {});
        return "ok" in found ? found : found.seated;
      },
      askForMatch(stored) {
        const { request, init } = wishAgain(stored);
        const { match = "", roomId } = stored;
        const seat = { match, roomId, ...(init.options ? { options: init.options as MatchSeat["options"] } : {}) };
        return sit(request, init, { atMs: performance.now(), receipt: undefined, seat, isAskedFor: true });
      },
    });
    return "ok" in back ? back : joined({ ...back, ...wishAgain(back.about), receipt: undefined });
  }

  const wishOf = (init: PlayOptions = {}) => ({
    id: newId(),
    ...(init.options ? { options: init.options as never } : {}),
  });

  const client: FrontrowClient<unknown> = {
    play: (mode, init) => sit({ t: "play", mode, ...wishOf(init) }, init),
    create: (mode, init) => sit({ t: "create", mode, private: init?.private ?? false, ...wishOf(init) }, init),
    join: async (room, init) => misspelt(room) ?? sit({ t: "join", room, ...wishOf(init) }, init),
    spectate: async (room, init) => misspelt(room) ?? sit({ t: "join", room, id: newId(), watch: true }, init),
    async rooms(mode, page = {}) {
      const url = new URL(`${base.pathname.replace(/\/$/, "")}/v1/rooms`, base);
      url.searchParams.set("mode", mode);
      for (const [key, value] of Object.entries(page)) url.searchParams.set(key, `${value}`);
      const reply = await fetch(url).catch(() => undefined);
      if (reply?.ok) return reply.json();
      const said = await reply?.json().catch(() => undefined);
      throw new LostConnection(said?.code ? said : { ...refusal("EDGE_UNREACHABLE", `(${url})`), requestId: "" });
    },
    resume: (init) => resumeSeat((init ?? {}) as ResumeOptions),
    distances: () => distances,
    onDistances: (told) => void listeners.push(told),
    createParty: parties.create,
    joinParty: parties.join,
    close() {
      parties.close();
      connection.close();
    },
  };
  return client as FrontrowClient<C>;
}

/** What a place is sought with; a party's ticket is its party's to ask for. */
type Wish = TicketRequest | PartyTicket;
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
type Back = Extract<Up, { t: "resume" }>;
/** Whatever a player mistypes is a code that no room has, also where the protocol takes none so short or so long. */
const misspelt = (room: { roomId: string } | { code: string }): Failure | undefined =>
  "code" in room && !TypedRoomCode.safeParse(room.code).success ? failure("CODE_UNKNOWN") : undefined;
const lostFailure = (error: unknown): Failure => ({ ok: false, ...lossOf(error) });

interface SeatedPlayer {
  readonly seated: Seated;
  readonly playerId: string;
  readonly guest: boolean;
  readonly receipt: string | undefined;
}
