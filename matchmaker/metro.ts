/**
 * One metro's matchmaker as its edges use it. Each edge has a connection of its own, in the same process or behind a link
 * (`service/link-door.ts`); its sessions end with it. A request becomes a wish, a wish a seat: `seat/place.ts`.
 */
import type { Lobby, LobbyIndex } from "@frontrow/lobby/lobby.ts";
import type { Clock } from "@frontrow/shared/clock.ts";
import type { Mode } from "@frontrow/shared/config/modes.ts";
import { FrontrowError, refusalOf } from "@frontrow/shared/errors.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import { base62, parseRoomId } from "@frontrow/shared/metro.ts";
import type { HolderMessage, OwnerMessage, ReplicaSet } from "@frontrow/shared/protocol/match-link.ts";
import { isPartyMessage, type MemberMessage, type PartyMessage } from "@frontrow/shared/protocol/party-link.ts";
import { type RoomPage, type RoundTrip, refusalWire, type Seat, type Target } from "@frontrow/shared/protocol/words.ts";
import type { Holder } from "./match/enlisted.ts";
import type { OwnerEvent } from "./match/owner.ts";
import { createMatches, type Matches } from "./matches.ts";
import { createMembershipProofs } from "./party/membership-proof.ts";
import { createPartyOwner } from "./party/owner.ts";
import type { ResultEvent } from "./rating/collect-results.ts";
import type { RatingStore } from "./rating/rating-store.ts";
import { createFindSeat, type FoundSeat } from "./seat/find-seat.ts";
import { createIssuer } from "./seat/issuer.ts";
import { createPlace } from "./seat/place.ts";
import type { MatchReplaced, MatchSeats } from "./seat/place-match.ts";
import { createServers } from "./seat/servers.ts";
import { createSignSeat } from "./seat/sign-seat.ts";
import { createWatch, isWatch } from "./seat/watch.ts";
import { createSessions, type Session, type VerifyPlayer } from "./session/sessions.ts";
import { createReceipts } from "./ticket/receipt.ts";

export interface MetroOptions {
  readonly metro: string;
  readonly modes: Readonly<Record<string, Mode>>;
  readonly lobby: Lobby;
  readonly limits: Limits;
  /** X25519 private half with which seats are made. */
  readonly issuerKey: string;
  /** Fleet public keys whose servers are believed; empty (development) believes all. */
  readonly fleetKeys: readonly string[];
  readonly verifyPlayer: VerifyPlayer | undefined;
  readonly guests: boolean;
  /** This process among the metro's replicas. */
  readonly replica: string;
  readonly ratings: RatingStore;
  readonly clock: Clock;
  /** Runs its argument once the present turn of the event loop is over. */
  readonly soon: (run: () => void) => void;
  /** Instead of the metro's own game servers. */
  readonly placer?: MatchSeats | undefined;
  readonly nowMs: () => number;
  readonly random: (bytes: number) => Uint8Array;
  /** Told of what an operator should see. */
  readonly observe: (event: MetroEvent) => void;
}

export type MetroEvent =
  | { readonly kind: "placed"; readonly mode: string; readonly ms: number }
  | { readonly kind: "refused"; readonly mode: string; readonly code: string; readonly ms: number }
  | { readonly kind: "server-distrusted"; readonly server: string }
  | OwnerEvent
  | ResultEvent
  | MatchReplaced
  /** A session ended because its player opened a newer one. */
  | { readonly kind: "superseded" }
  /** An exception that nobody foresaw; its asker is told INTERNAL. */
  | { readonly kind: "threw"; readonly error: unknown };

export interface PlaceRequest {
  readonly sid: string;
  readonly ticket: string;
  readonly target: Target;
  readonly compat: string;
  readonly options: Record<string, unknown>;
  readonly rtt: RoundTrip;
}

/** What one edge may ask. Rejects only with FrontrowError. */
export interface MetroConnection {
  openSession(who: {
    sid: string;
    jwt?: string | undefined;
    guest?: string | undefined;
    /** How long ago it opened at the edge; 0 unless given. */
    ageMs?: number | undefined;
  }): Promise<{ playerId: string; generation: number }>;
  closeSession(sid: string): void;
  place(request: PlaceRequest): Promise<Seat>;
  /** Where the session's player sits in this metro, to come back to it. */
  findSeat(asked: { sid: string; rtt: RoundTrip }): Promise<FoundSeat>;
  /** `of`: the seat is one of a match's. */
  giveBack(sid: string, ticket: string, of?: { match: string; place: number }): Promise<void>;
  /** About tickets of match modes, and about parties. */
  hear(message: HolderMessage | MemberMessage): void;
  listRooms(query: Parameters<LobbyIndex["listRooms"]>[0]): Promise<RoomPage>;
  locate(roomId: string): Promise<{ mode: string; publicAddress: string; secure: boolean }>;
  /** The edge went away: its sessions are over. */
  close(): void;
}

/** What an edge is told without having asked. */
export interface EdgeEar extends Holder {
  /** The session's player opened a newer one. */
  superseded(sid: string): void;
  replicas(set: ReplicaSet & { replica: string }): void;
  tell(message: OwnerMessage | PartyMessage): void;
}

export interface Metro {
  readonly metro: string;
  readonly matches: Matches;
  connect(edge: EdgeEar): MetroConnection;
  healthy(): boolean;
  readonly sessionCount: number;
  close(): Promise<void>;
}

export function createMetro(options: MetroOptions): Metro {
  const { metro, lobby, limits, nowMs, observe } = options;
  const servers = createServers({
    index: lobby.index,
    metro,
    fleetKeys: options.fleetKeys,
    nowMs,
    onDistrust: (server) => observe({ kind: "server-distrusted", server }),
  });
  const sign = createSignSeat(metro, createIssuer(options.issuerKey), limits);
  const findSeat = createFindSeat({ index: lobby.index, servers, sign });
  const watch = createWatch({ index: lobby.index, servers, sign });
  const place = createPlace({ ...options, index: lobby.index, servers, sign });
  const matches = createMatches({
    ...options,
    servers,
    sign,
    receipts: createReceipts(options.issuerKey),
    wallMs: nowMs,
    rng: Math.random,
    newMatchId: () => base62(options.random(16)),
  });
  const parties = createPartyOwner({
    ...options,
    wallMs: nowMs,
    rng: Math.random,
    proofs: createMembershipProofs(options.issuerKey, limits.receiptMs),
  });
  // Whoever owns pools owns parties: one set of replicas for both.
  matches.connect({ tell: () => {}, replicas: parties.setReplicas });
  const sessions = createSessions({
    records: lobby.sessions,
    verifyPlayer: options.verifyPlayer,
    guests: options.guests,
    claimMs: limits.sessionClaimMs,
    retryMs: limits.redisCommandMs,
    renewMs: limits.sessionForgottenMs / 3,
    clockMs: () => performance.now(),
  });

  async function placeFor(session: Session, request: PlaceRequest): Promise<Seat> {
    const startedMs = nowMs();
    const { playerId: player, guest } = session;
    const ticket = ticketKey(session, request.ticket);
    try {
      const { target } = request;
      const wish = { ...request, ticket, player, guest };
      const seat = isWatch(target) ? await watch({ ...pickWatch(wish), target }) : await place({ ...wish, target });
      if (session.superseded) {
        void lobby.index.release(ticket).catch(() => {});
        throw new FrontrowError("SUPERSEDED");
      }
      observe({ kind: "placed", mode: seat.mode, ms: nowMs() - startedMs });
      return seat;
    } catch (error) {
      if (!(error instanceof FrontrowError)) observe({ kind: "threw", error });
      const { code } = refusalOf(error);
      const asked = "mode" in request.target ? request.target.mode : "";
      observe({
        kind: "refused",
        mode: Object.hasOwn(options.modes, asked) ? asked : "",
        code,
        ms: nowMs() - startedMs,
      });
      throw error;
    }
  }

  function connect(edge: EdgeEar): MetroConnection {
    const { disconnect } = matches.connect(edge);
    // Promises, because an edge may place for a session that is still being opened.
    const open = new Map<string, Promise<Session>>();
    const sessionOf = (sid: string) => {
      const session = open.get(sid);
      if (!session) throw new FrontrowError("AUTH_REQUIRED", "The session is not open.");
      return session;
    };
    const end = (session: Promise<Session>) => void session.then(sessions.close, () => {});
    function hearParty(message: MemberMessage): void {
      if (!("sid" in message)) return parties.hear(edge, undefined, message);
      // Not open: its link was away, and both are said again.
      open.get(message.sid)?.then(
        (member) => !member.superseded && parties.hear(edge, member.playerId, message),
        (error) => parties.refuse(edge, message.n, error),
      );
    }
    return {
      async openSession(who) {
        const opening = sessions.open({ ...who, ageMs: who.ageMs ?? 0 }, (sid) => {
          open.delete(sid);
          observe({ kind: "superseded" });
          edge.superseded(sid);
        });
        open.set(who.sid, opening);
        const session = await opening;
        return { playerId: session.playerId, generation: session.generation };
      },
      closeSession(sid) {
        const session = open.get(sid);
        if (!session) return;
        open.delete(sid);
        end(session);
      },
      place: async (request) => placeFor(await sessionOf(request.sid), request),
      async findSeat({ sid, rtt }) {
        const session = await sessionOf(sid);
        if (session.guest) throw new FrontrowError("NOTHING_TO_RESUME", "A guest is nobody on the next visit.");
        const found = await findSeat(session.playerId, rtt);
        if (session.superseded) throw new FrontrowError("SUPERSEDED");
        return found;
      },
      async giveBack(sid, ticket, of) {
        const session = await sessionOf(sid);
        if (of) await matches.giveBack(of.match, of.place);
        else await lobby.index.release(ticketKey(session, ticket));
      },
      hear(message) {
        if (isPartyMessage(message)) return hearParty(message);
        if (!("sid" in message)) return matches.hear(edge, undefined, message);
        const session = open.get(message.sid);
        // Said again by a link that is back: the ticket with it.
        if (!session) return edge.tell({ t: "unknown", ns: [message.n] });
        session.then(
          (member) => !member.superseded && matches.hear(edge, member, message),
          (error) => edge.tell({ t: "unlisted", n: message.n, ...refusalWire(refusalOf(error)) }),
        );
      },
      listRooms: (query) => lobby.index.listRooms(query),
      async locate(roomId) {
        const room = parseRoomId(roomId)?.metro === metro ? await lobby.index.locate(roomId) : undefined;
        const server = room && (await servers.trusted(room.server, room.boot));
        if (!server) throw new FrontrowError("ROOM_NOT_FOUND");
        return { mode: room.mode, publicAddress: server.publicAddress, secure: server.secure };
      },
      close() {
        disconnect();
        for (const session of open.values()) end(session);
        open.clear();
      },
    };
  }

  return {
    metro,
    matches,
    connect,
    healthy: () => lobby.healthy(),
    get sessionCount() {
      return sessions.count;
    },
    async close() {
      parties.stop();
      await matches.close();
      sessions.stop();
    },
  };
}

/** A player's own name for a ticket, made unique among players; at most 97 characters. */
const ticketKey = (session: Session, ticket: string) => `${session.playerId}:${ticket}`;

/** What a spectator's token says of its bearer: no options, for the mode's are a player's. */
const pickWatch = ({ ticket, player, guest, compat, rtt }: PlaceRequest & { player: string; guest: boolean }) => ({
  ...{ ticket, player, guest, compat, rtt },
});
