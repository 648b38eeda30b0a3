/** The plugin in a plain Colyseus room, as a studio's own unit test has it. */
import { attachToTestRoom, definePlugins } from "@colyseus/core";
import { describe, expect, it, vi } from "vitest";
import { seatClaims } from "../test/support/game-server/fakes.ts";
import { bindMatch, MatchPlugin } from "./plugin.ts";
import { seatedPlayerOf } from "./rooms/seat-auth.ts";

describe("the match plugin", () => {
  it("[GS31] is found under its own name, typed", () => {
    const { match } = definePlugins([new MatchPlugin()]);
    expect(match.finish).toBeTypeOf("function");
  });

  it("[GS31] in a plain Colyseus server it answers with what there is", async () => {
    const plugin = new MatchPlugin();
    const room = attachToTestRoom(plugin, { roomName: "arena", maxClients: 4, disconnect: vi.fn() } as never);
    expect(plugin.info).toEqual({
      mode: "arena",
      match: undefined,
      bots: [],
      private: false,
      code: undefined,
      seats: 4,
    });
    expect(plugin.player({ sessionId: "s1" })).toMatchObject({ playerId: "s1", guest: true, rttMs: undefined });
    plugin.backfill([1]);
    plugin.onDrain(() => expect.unreachable());
    await plugin.finish();
    expect((room as { disconnect: unknown }).disconnect).toHaveBeenCalledOnce();
  });

  it("[GS31] in a game server it reads what admission wrote, and knows no stranger", () => {
    const plugin = new MatchPlugin();
    const room = attachToTestRoom(plugin, {} as never);
    const ada = seatedPlayerOf(seatClaims({ rtt: { minMs: 0, jitterMs: 0, loss: 0, samples: 0, verified: false } }));
    const asked: unknown[] = [];
    bindMatch(room as never, {
      info: { mode: "arena", match: "m", bots: [], private: false, code: undefined, seats: 2 },
      player: (sessionId) => (sessionId === "s1" ? ada : undefined),
      allowSpectators: () => {},
      finish: async () => {},
      backfill: (free) => void asked.push(free),
      onDrain: (told) => void told({ leavesInMs: 5 }),
    });
    plugin.backfill([0, 1]);
    expect(asked).toEqual([[0, 1]]);
    plugin.onDrain(({ leavesInMs }) => void asked.push(leavesInMs));
    expect(asked.at(-1)).toBe(5);
    expect(plugin.player({ sessionId: "s1" })).toEqual(ada);
    expect(ada.rttMs).toBeUndefined();
    expect(() => plugin.player({ sessionId: "s2" })).toThrow("no seat of this room");
  });
});
