/** A matchmaker that does what a test tells it to, behind the real interface. */
import type { EdgeEar, Metro, PlaceRequest } from "@frontrow/matchmaker/metro.ts";
import { type ErrorCode, FrontrowError } from "@frontrow/shared/errors.ts";
import type { HolderMessage } from "@frontrow/shared/protocol/match-link.ts";
import { isPartyMessage } from "@frontrow/shared/protocol/party-link.ts";
import type { Seat } from "@frontrow/shared/protocol/words.ts";
import { seatIn } from "./fake-link.ts";

export interface FakeMetro extends Omit<Metro, "matches"> {
  answer: (request: PlaceRequest) => Promise<Seat>;
  seatOf(ticket: string): Seat;
  supersede(sid: string): void;
  readonly placed: PlaceRequest[];
  readonly opened: string[];
  readonly closed: string[];
  readonly givenBack: string[];
  /** About tickets of match modes. */
  readonly heard: HolderMessage[];
  edge: EdgeEar | undefined;
  connections: number;
  /** Sessions are refused with this while it is set. */
  refuseOpening: ErrorCode | undefined;
}

export function createFakeMetro(): FakeMetro {
  const metro: FakeMetro = {
    metro: "fra",
    placed: [],
    opened: [],
    closed: [],
    givenBack: [],
    heard: [],
    edge: undefined,
    connections: 0,
    refuseOpening: undefined,
    seatOf: (ticket) => ({ ...seatIn("fra", `fra_1_${ticket.padEnd(6, "x")}`), token: `token-of-${ticket}` }),
    answer: async ({ ticket }) => metro.seatOf(ticket),
    supersede: (sid) => metro.edge?.superseded(sid),
    healthy: () => true,
    sessionCount: 0,
    close: async () => {},
    connect(edge) {
      metro.edge = edge;
      metro.connections++;
      return {
        async openSession({ sid }) {
          if (metro.refuseOpening) throw new FrontrowError(metro.refuseOpening);
          metro.opened.push(sid);
          return { playerId: "player", generation: 1 };
        },
        closeSession: (sid) => void metro.closed.push(sid),
        place(request) {
          metro.placed.push(request);
          return metro.answer(request);
        },
        findSeat: async ({ sid }) => ({ seat: seatIn("fra"), match: `match-of-${sid}`, team: 1 }),
        async giveBack(_sid, ticket) {
          metro.givenBack.push(ticket);
        },
        hear: (message) => void (isPartyMessage(message) || metro.heard.push(message)),
        listRooms: async () => ({ rooms: [] }),
        locate: async () => ({ mode: "arena", publicAddress: "play.example.com", secure: true }),
        close: () => void metro.connections--,
      };
    },
  };
  return metro;
}
