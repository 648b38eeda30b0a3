import { defineRoom, matchMaker, Room } from "@colyseus/core";
import { afterEach, describe, expect, it } from "vitest";
import { recordingLog } from "../test/support/game-server/recording-log.ts";
import { loadRooms } from "./rooms-loader.ts";

class ARoom extends Room {}
class BRoom extends Room {}
const { log } = recordingLog();

afterEach(() => {
  for (const type of Object.keys(matchMaker.getAllHandlers())) matchMaker.removeRoomType(type);
});

describe("where room classes may be", () => {
  it.each<[string, unknown, string[]]>([
    ["a record of classes", { a: ARoom, b: BRoom }, ["a", "b"]],
    ["a record of definitions", { a: defineRoom(ARoom), b: BRoom }, ["a", "b"]],
    ["a module with a default record", { default: { a: ARoom } }, ["a"]],
    ["a module that exports `rooms`, beside other things", { rooms: { a: ARoom }, helper: () => {} }, ["a"]],
    ["a default record, and the same one as `rooms`", { default: { a: ARoom }, rooms: { a: ARoom } }, ["a"]],
    ["a module of exported classes", { ARoom, answer: 42 }, ["ARoom"]],
  ])("[GS36] %s", async (_, loaded, types) => {
    expect((await loadRooms(async () => loaded, log)).sort()).toEqual(types);
    expect(matchMaker.getRoomClass(types[0]!)).toBe(ARoom);
  });

  it("[GS36] a function that gives no promise is as good", async () => {
    expect(await loadRooms(() => ({ a: ARoom }), log)).toEqual(["a"]);
    const thrown = () => {
      throw new Error("no such map");
    };
    await expect(loadRooms(thrown, log)).rejects.toThrow("the rooms could not be loaded: no such map");
  });

  it("[GS36] options of a definition stay with it", async () => {
    await loadRooms(async () => ({ a: defineRoom(ARoom, { map: "dust" } as never) }), log);
    expect(matchMaker.getHandler("a").options).toEqual({ map: "dust" });
  });

  it.each([[{}], [undefined], ["rooms"], [{ default: {} }], [{ a: class {} }]])(
    "[GS36] %o has none, and the error says what would",
    async (loaded) => {
      await expect(loadRooms(async () => loaded, log)).rejects.toThrow("no room classes");
    },
  );

  it("[GS36] rooms of another copy of Colyseus are told apart from no rooms", async () => {
    class Foreign {
      broadcastPatch() {}
    }
    await expect(loadRooms(async () => ({ a: Foreign }), log)).rejects.toThrow("another copy");
  });

  it("[GS36] what the module throws is what is said", async () => {
    await expect(loadRooms(() => Promise.reject(new Error("syntax")), log)).rejects.toThrow("syntax");
  });
});
