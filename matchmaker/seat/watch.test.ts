import type { WatchReply } from "@frontrow/lobby/lobby.ts";
import { resolveLimits } from "@frontrow/shared/limits.ts";
import { deriveSeatKey, generateSeatKey, publicHalf, verifySeat } from "@frontrow/shared/seat-token.ts";
import { describe, expect, it, vi } from "vitest";
import { createIssuer } from "./issuer.ts";
import type { Servers } from "./servers.ts";
import { createSignSeat } from "./sign-seat.ts";
import { createWatch, type WatchTarget } from "./watch.ts";

const rtt = { minMs: 3, jitterMs: 0, loss: 0, samples: 5, verified: true };
const room: WatchReply = {
  ...{ kind: "WATCH", roomId: "fra_7_abcdef", server: "7", boot: "b", mode: "duel", capacity: 2, private: true },
  ...{ code: "", nowMs: 1_000_000 },
};
const byId: WatchTarget = { kind: "watch-room", roomId: "fra_7_abcdef" };

function watching(reply: WatchReply, isTrusted = true) {
  const limits = resolveLimits();
  const [issuer, server] = [generateSeatKey(), generateSeatKey()];
  const known = { server: "7", boot: "b", seatKey: server.publicKey, publicAddress: "play.example.com", secure: true };
  const servers = { trusted: async () => (isTrusted ? known : undefined) } as unknown as Servers;
  const asked = vi.fn(async () => reply);
  const sign = createSignSeat("fra", createIssuer(issuer.privateText), limits);
  const watch = createWatch({ index: { watch: asked }, servers, sign });
  const key = deriveSeatKey(server.privateText, publicHalf(issuer.privateText), "7", "b");
  return {
    asked,
    watch: (target = byId) => watch({ ticket: "ada:t1", player: "ada", guest: false, target, compat: "v1", rtt }),
    claimsOf: (token: string) => verifySeat(token, limits.seatTokenBytes, [key]),
  };
}

describe("a place to look on", () => {
  it("[SP6] is a token that says so, of no team and no match, newer each time that it is asked for", async () => {
    const { watch, claimsOf, asked } = watching(room);
    const seat = await watch();
    expect(asked).toHaveBeenCalledWith({ roomId: "fra_7_abcdef" }, "v1");
    const claims = claimsOf(seat.token);
    expect(claims).toMatchObject({ spectator: true, ticket: "watch:ada:t1", seat: 0, gen: 1_000_000, player: "ada" });
    expect(claims).not.toHaveProperty("match");
    expect(claims!.exp).toBe(1_000_000 + resolveLimits().seatTokenMs);
  });

  it("[SP6] is asked for by a code as a person types it", async () => {
    const { watch, asked } = watching(room);
    await watch({ kind: "watch-code", code: "fra 7k2m9qxd" });
    expect(asked).toHaveBeenCalledWith({ code: "FRA-7K2M9QXD" }, "v1");
    await expect(watch({ kind: "watch-code", code: "nonsense!" })).rejects.toMatchObject({
      refusal: { code: "CODE_UNKNOWN" },
    });
  });

  it.each([
    ["ROOM_GONE", "ROOM_NOT_FOUND"],
    ["CODE_UNKNOWN", "CODE_UNKNOWN"],
    ["UNWATCHED", "NOT_WATCHED"],
    ["FULL", "SPECTATORS_FULL"],
  ] as const)("[SP6] %s is refused as %s", async (kind, code) => {
    await expect(watching({ kind }).watch()).rejects.toMatchObject({ refusal: { code } });
  });

  it("[SP6] is none on a server that nobody vouches for", async () => {
    await expect(watching(room, false).watch()).rejects.toMatchObject({ refusal: { code: "ROOM_NOT_FOUND" } });
  });
});
