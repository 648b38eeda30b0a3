/** Compile-time promises: `tsc` reads this file, and an error that is expected but absent fails it. */
import { defineConfig, fill, match } from "@frontrow/shared/config/modes.ts";
import { expect, it } from "vitest";
import * as z from "zod";
import { createClient, type FrontrowClient } from "./client.ts";

const config = defineConfig({
  modes: {
    arena: fill({ seats: 16, options: z.object({ name: z.string(), ship: z.enum(["fast", "strong"]).optional() }) }),
    lobby: fill({ seats: 200 }),
    duel: match({
      teams: [{ seats: 1 }, { seats: 1 }],
      room: "arena",
      same: ["map"],
      options: z.object({ map: z.enum(["ice", "lava"]) }),
    }),
  },
  rooms: async () => ({
    rooms: {
      arena: class {
        state = { round: 1 };
      },
    },
  }),
});

it("[CL2] a wrong mode name, a wrong option and a wrong field of the state do not compile", () => {
  const calls = (client: FrontrowClient<typeof config>) => [
    () => client.play("arena", { options: { name: "Ada", ship: "fast" } }),
    // @ts-expect-error there is no such mode
    () => client.play("arean"),
    // @ts-expect-error the name is missing
    () => client.play("arena", { options: { ship: "fast" } }),
    // @ts-expect-error there is no such ship
    () => client.create("arena", { options: { name: "Ada", ship: "invisible" } }),
    async () => {
      const played = await client.play("arena", { options: { name: "Ada" } });
      if (!played.ok) return played.retryAfterMs;
      // @ts-expect-error the state has no such field
      return [played.room.state.round, played.room.state.wrong];
    },
  ];
  expect(calls).toBeTypeOf("function");
});

it("[CL2] a match mode's name, options and state are known like any other's", () => {
  const calls = (client: FrontrowClient<typeof config>) => [
    () => client.play("duel", { options: { map: "ice" } }),
    // @ts-expect-error there is no such mode
    () => client.play("duels", { options: { map: "ice" } }),
    // @ts-expect-error there is no such map
    () => client.play("duel", { options: { map: "moon" } }),
    async () => {
      const played = await client.play("duel", { options: { map: "lava" } });
      if (!played.ok) return played.code;
      // @ts-expect-error the state of the room that it names has no such field
      return [played.room.state.round, played.room.state.wrong];
    },
  ];
  expect(calls).toBeTypeOf("function");
});

it("[CL2] without a config's type every name is allowed", () => {
  const untyped = createClient({ url: "http://127.0.0.1:1" });
  const call = () => untyped.play("anything", { options: { at: "all" } });
  expect(call).toBeTypeOf("function");
  untyped.close();
});

it("[PY14] a party's modes, their options and the states of their rooms are those of the config", () => {
  const calls = (client: FrontrowClient<typeof config>) => [
    async () => {
      const party = await client.createParty({ options: { map: "ice" } });
      if (!party.ok) return party.code;
      // @ts-expect-error there is no such mode
      void party.play("duels");
      party.onPlay(async (call) => {
        if (call.mode !== "duel") return;
        const played = await call.played;
        // @ts-expect-error the state has no such field
        if (played.ok) void [played.room.state.round, played.room.state.wrong];
      });
      // @ts-expect-error there is no such map
      void party.play("duel", { options: { map: "moon" } });
      const played = await party.play("duel", { options: { map: "lava" } });
      // @ts-expect-error the state has no such field
      return played.ok && [played.room.state.round, played.room.state.wrong];
    },
    // @ts-expect-error the code is missing
    () => client.joinParty({ options: { map: "ice" } }),
  ];
  expect(calls).toBeTypeOf("function");
});
