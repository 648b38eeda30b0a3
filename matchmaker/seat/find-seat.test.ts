import type { SittingReply } from "@frontrow/lobby/lobby.ts";
import { resolveLimits } from "@frontrow/shared/limits.ts";
import { deriveSeatKey, generateSeatKey, publicHalf, verifySeat } from "@frontrow/shared/seat-token.ts";
import { describe, expect, it } from "vitest";
import { createFindSeat } from "./find-seat.ts";
import { createIssuer } from "./issuer.ts";
import type { Servers } from "./servers.ts";
import { createSignSeat } from "./sign-seat.ts";

const rtt = { minMs: 3, jitterMs: 0, loss: 0, samples: 5, verified: true };
const sitting: SittingReply = {
  ...{
    kind: "SITS",
    ticket: "m:match1",
    seat: 3,
    team: 1,
    roomId: "fra_7_abcdef",
    server: "7",
    boot: "b",
    mode: "duel",
  },
  ...{ generation: 9, fresh: false, capacity: 4, private: true, code: "", nowMs: 1_000_000 },
};

function finding(reply: SittingReply, isTrusted = true) {
  const limits = resolveLimits();
  const [issuer, server] = [generateSeatKey(), generateSeatKey()];
  const known = { server: "7", boot: "b", seatKey: server.publicKey, publicAddress: "play.example.com", secure: true };
  const servers = { trusted: async () => (isTrusted ? known : undefined), distrusted: () => [] } as unknown as Servers;
  const sign = createSignSeat("fra", createIssuer(issuer.privateText), limits);
  const key = deriveSeatKey(server.privateText, publicHalf(issuer.privateText), "7", "b");
  const findSeat = createFindSeat({ index: { seatOf: async () => reply }, servers, sign });
  return {
    find: () => findSeat("ada", rtt),
    claimsOf: (token: string) => verifySeat(token, limits.seatTokenBytes, [key]),
  };
}

describe("a seat to come back to", () => {
  it("[RS3] is named by a token that is good for coming back and for nothing else", async () => {
    const { find, claimsOf } = finding(sitting);
    const { seat, match, team } = await find();
    expect({ match, team }).toEqual({ match: "match1", team: 1 });
    expect(seat).toMatchObject({
      roomId: "fra_7_abcdef",
      mode: "duel",
      generation: 9,
      publicAddress: "play.example.com",
    });
    const claims = claimsOf(seat.token);
    expect(claims).toMatchObject({ resume: true, ticket: "m:match1", seat: 3, gen: 9, player: "ada", guest: false });
    expect(claims).toMatchObject({ exp: 1_000_000 + resolveLimits().seatTokenMs, options: {} });
  });

  it("[RS3] is of no match in a fill mode", async () => {
    const { find } = finding({ ...sitting, ticket: "ada:t1", team: undefined });
    expect(Object.keys(await find())).toEqual(["seat"]);
  });

  it("[RS3] is none where the player sits nowhere, or on a server that nobody vouches for; and not yet known after a gap", async () => {
    await expect(finding({ kind: "GONE" }).find()).rejects.toMatchObject({ refusal: { code: "NOTHING_TO_RESUME" } });
    await expect(finding(sitting, false).find()).rejects.toMatchObject({ refusal: { code: "NOTHING_TO_RESUME" } });
    await expect(finding({ kind: "WAIT", retryInMs: 700 }).find()).rejects.toMatchObject({
      refusal: { code: "INDEX_BUSY", retryable: true, retryAfterMs: 700 },
    });
  });
});
