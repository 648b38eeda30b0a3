/** A metro link that does what a test tells it to: each `place` waits for the test's answer. */
import type { MetroLink, PlaceRequest } from "@frontrow/edge-router/ports.ts";
import { type ErrorCode, FrontrowError } from "@frontrow/shared/errors.ts";
import type { Seat } from "@frontrow/shared/protocol/words.ts";

export function seatIn(metro: string, roomId = `${metro}_1_abcdef`): Seat {
  return {
    token: "t".repeat(60),
    mode: "arena",
    roomId,
    sessionId: "session00001",
    publicAddress: "",
    secure: false,
    expiresInMs: 10_000,
    generation: 1,
  };
}

export interface FakeLink extends MetroLink {
  up: boolean;
  rttMs: number | undefined;
  /** Answers each place; by default a seat at once. */
  answer: (request: PlaceRequest) => Promise<Seat>;
  readonly placed: PlaceRequest[];
  readonly givenBack: string[];
  readonly opened: string[];
  readonly closed: string[];
  supersede(sid: string): void;
}

export function createFakeLink(metro: string, rttMs: number | undefined = 5): FakeLink {
  let told: (sid: string) => void = () => {};
  const link: FakeLink = {
    metro,
    up: true,
    rttMs,
    placed: [],
    givenBack: [],
    opened: [],
    closed: [],
    answer: async () => seatIn(metro),
    isUp: () => link.up,
    roundTrip: () =>
      link.rttMs === undefined ? undefined : { minMs: link.rttMs, jitterMs: 0, loss: 0, samples: 5, verified: true },
    async openSession({ sid }) {
      link.opened.push(sid);
      return { playerId: "player", generation: 1 };
    },
    closeSession: (sid) => void link.closed.push(sid),
    place(request) {
      link.placed.push(request);
      return link.answer(request);
    },
    findSeat: async () => {
      throw new FrontrowError("NOTHING_TO_RESUME");
    },
    async giveBack(_sid, ticket) {
      link.givenBack.push(ticket);
    },
    listRooms: async () => ({ rooms: [] }),
    locate: async () => ({ mode: "arena", publicAddress: "", secure: false }),
    onSuperseded(handler) {
      told = handler;
    },
    say: () => false,
    replicas: () => undefined,
    onMatch: () => {},
    supersede: (sid) => told(sid),
  };
  return link;
}

export const refuses = (code: ErrorCode) => async () => {
  throw new FrontrowError(code);
};
