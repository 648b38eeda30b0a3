/** What the door answers before anybody is let in: cheap questions first, and never by HTTP to a reconnection. */
import type { Head, Upgrade } from "@frontrow/listener/listener.ts";
import { type ErrorCode, errorCatalogue, FrontrowError } from "@frontrow/shared/errors.ts";
import { defaultLimits as limits } from "@frontrow/shared/limits.ts";
import { deriveSeatKey, generateSeatKey, publicHalf, type SeatClaims, signSeat } from "@frontrow/shared/seat-token.ts";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { fakeSocket, seatClaims } from "../../test/support/game-server/fakes.ts";
import { createOutbox } from "../transport/outbox.ts";
import type { Admitted } from "./admit.ts";
import { createDoor } from "./door.ts";
import { createSeatKeys } from "./seat-keys.ts";
import type { Visit } from "./visit.ts";

const issuers = [generateSeatKey(), generateSeatKey()];
const keys = createSeatKeys(
  issuers.map((pair) => publicHalf(pair.privateText)),
  "7",
  "b1",
  limits.seatTokenBytes,
);
const verify = vi.spyOn(keys, "verify");
let mayAsk = true;
let mayErr = true;
let isClosing = false;
let admitted: () => Promise<Admitted> = async () => "sat";
const outcomes: string[] = [];

const route = createDoor({
  here: { metro: "fra", server: "7", boot: "b1" },
  keys,
  addresses: { mayAsk: () => mayAsk, mayErr: () => mayErr },
  isOpen: false,
  isClosing: () => isClosing,
  keepalive: { add() {}, remove() {}, stop() {} },
  admit: () => admitted(),
  limits,
  world: {
    outbox: createOutbox(),
    clientFrame: { isRead: false },
    reportFault: () => {},
    observe: () => {},
    nowMs: () => 0,
  },
  observe: (event) => event.kind === "admission" && outcomes.push(event.outcome),
  indexNowMs: () => Date.now(),
})("/:seat/:room");

beforeEach(() => {
  [mayAsk, mayErr, isClosing] = [true, true, false];
  admitted = async () => "sat";
  outcomes.length = 0;
  verify.mockClear();
});

function token(claims: SeatClaims, issuer = issuers[0]!): string {
  return signSeat(claims, deriveSeatKey(issuer.privateText, keys.publicKey, claims.server, claims.boot));
}

function dial(seat: string, query = "", room = "fra_7_aaaaa"): Upgrade<Visit> {
  const head: Head = {
    method: "GET",
    path: `/${seat}/${room}`,
    query: new URLSearchParams(query),
    header: () => "",
    address: "127.0.0.1",
    secure: false,
    params: { seat, room },
  };
  return route.upgrade(head);
}
const wishOf = (upgrade: Upgrade<Visit>) => ("accept" in upgrade ? upgrade.accept.wish : undefined);
const statusOf = (upgrade: Upgrade<Visit>) => ("refuse" in upgrade ? upgrade.refuse.status : undefined);

/** What a socket is told and how it ends when admission fails with `error`. */
async function toldOf(error: unknown, query = "") {
  admitted = () => Promise.reject(error);
  const upgrade = dial(token(seatClaims()), query);
  if (!("accept" in upgrade)) throw new Error("not upgraded");
  const socket = Object.assign(fakeSocket(), { data: upgrade.accept });
  route.open(socket);
  await vi.waitFor(() => expect(socket.closes).toHaveLength(1));
  return { frame: Buffer.from(socket.corks.flat()[0]!).toString(), ...socket.closes[0]! };
}

describe("an upgrade", () => {
  it("[GS5] seats of each of the metro's issuers pass while one replaces the other, and nobody else's", () => {
    for (const issuer of issuers) expect(wishOf(dial(token(seatClaims(), issuer)))).toMatchObject({ kind: "seat" });
    expect(statusOf(dial(token(seatClaims(), generateSeatKey())))).toBe(401);
  });

  it("[GS37] of an address over its rate is refused before anything is verified", () => {
    mayAsk = false;
    expect(statusOf(dial(token(seatClaims())))).toBe(429);
    expect(verify).not.toHaveBeenCalled();
    expect(outcomes).toEqual(["RATE_LIMITED"]);
  });

  it("[GS5] a seat for elsewhere is told so on a socket, unless its address has shown too many bad ones", () => {
    const elsewhere = token(seatClaims({ boot: "b0" }));
    expect(wishOf(dial(elsewhere))).toEqual({ kind: "refused", code: "SEAT_INVALID" });
    mayErr = false;
    expect(statusOf(dial(elsewhere))).toBe(401);
    expect(wishOf(dial(token(seatClaims())))).toMatchObject({ kind: "seat" });
  });

  it("[GS11] with a reconnection token is never refused over HTTP, whatever is wrong with it", () => {
    const query = "reconnectionToken=s1.random&sessionId=s1";
    expect(wishOf(dial("r", query))).toEqual({
      kind: "reconnect",
      sessionId: "s1",
      token: "s1.random",
      claims: undefined,
    });
    expect(wishOf(dial(token(seatClaims()), query))).toMatchObject({ kind: "reconnect", claims: { gen: 1 } });
    mayAsk = false;
    expect(wishOf(dial("r", query))).toEqual({ kind: "refused", code: "RATE_LIMITED" });
    isClosing = true;
    expect(wishOf(dial("r", query))).toEqual({ kind: "refused", code: "DRAINING" });
  });

  it("[GS30] to a server that is stopping gets 503", () => {
    isClosing = true;
    expect(statusOf(dial(token(seatClaims())))).toBe(503);
  });
});

describe("what a refused socket is told", () => {
  it("[GS20] a catalogue error by its name, its sentence and its close code", async () => {
    for (const code of ["SEAT_USED", "ROOM_FULL", "ROOM_FAILED", "SEAT_FOREIGN"] satisfies ErrorCode[]) {
      const told = await toldOf(new FrontrowError(code));
      expect(told.code).toBe(errorCatalogue[code].close);
      expect(told.frame).toContain(`${code}: ${errorCatalogue[code].message}`);
    }
  });

  it("[GS20] nothing of an exception that nobody foresaw", async () => {
    const told = await toldOf(new TypeError("secret of the room"));
    expect(told.code).toBe(errorCatalogue.INTERNAL.close);
    expect(JSON.stringify(told)).not.toContain("secret");
    expect(outcomes).toEqual(["INTERNAL"]);
  });

  it("[GS11] a reconnection by codes that SDKs know: 4003 for good, 4010 to try again", async () => {
    const query = "reconnectionToken=s1.random";
    expect((await toldOf(new FrontrowError("RECONNECTION_EXPIRED"), query)).code).toBe(4003);
    expect((await toldOf(new FrontrowError("RATE_LIMITED"), query)).code).toBe(4010);
    expect((await toldOf(new FrontrowError("SEAT_FOREIGN"), query)).code).toBe(errorCatalogue.SEAT_FOREIGN.close);
  });
});
