/**
 * Frontrow for game clients, in browsers and in Node: ask for a place, get a joined Colyseus room or a reason.
 *
 *   const client = createClient<typeof config>({ url: "http://localhost:2567" });
 *   const played = await client.play("arena");
 *   if (played.ok) played.room.onStateChange(…); else console.log(played.code, played.message);
 *
 * Each client is one player: two clients on one page are two guests, or the same player twice if they share a JWT. This file is the
 * wiring; `sitting.ts` is the way from a wish to a room.
 */
import type { ModeNames, OptionsOf, StateOf } from "@frontrow/shared/config/modes.ts";
import { refusal } from "@frontrow/shared/errors.ts";
import type { Subprotocol } from "@frontrow/shared/protocol/codec.ts";
import { type RoomPage, TypedRoomCode } from "@frontrow/shared/protocol/words.ts";
import { baseOf } from "./base.ts";
import { createConnection, LostConnection } from "./connection.ts";
import { createKeptSeat, defaultStorage } from "./kept-seat.ts";
import { createParties } from "./party.ts";
import { createSitting } from "./sitting.ts";
import { type Failure, failure, type TicketWatch } from "./ticket.ts";
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
  const isGuest = options.jwt === undefined;
  const { sit, resume, wishOf } = createSitting({ base, connection, kept, tickets, newId, isGuest });
  const parties = createParties({ connection, newId, sit });

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
    resume: (init) => resume((init ?? {}) as ResumeOptions),
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

/** Whatever a player mistypes is a code that no room has, also where the protocol takes none so short or so long. */
const misspelt = (room: { roomId: string } | { code: string }): Failure | undefined =>
  "code" in room && !TypedRoomCode.safeParse(room.code).success ? failure("CODE_UNKNOWN") : undefined;
