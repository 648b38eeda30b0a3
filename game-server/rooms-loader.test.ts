import { defineRoom, matchMaker, Room } from "@colyseus/core";
import { ConfigurationError } from "@frontrow/shared/config/parse-settings.ts";
import { defineStream } from "@frontrow/shared/stream/define.ts";
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

  it.each<[string, () => unknown, boolean]>([
    [
      "a stream that is refused",
      () => defineStream({ area: { width: 0, height: 0 }, cell: 1, step: 1, kinds: {} }),
      true,
    ],
    ["a module that is not there", () => import("./no-such-rooms.ts" as string), true],
    ["a name that nobody declared", () => Reflect.apply(new Function("return nobodyDeclared"), null, []), true],
    ["a database that is away", () => Promise.reject(new Error("connect ECONNREFUSED 127.0.0.1:5432")), false],
    ["a server that is away", () => fetch("http://127.0.0.1:1/"), false],
  ])("[GS36] %s: whether a restart can mend it", async (_, load, isWrong) => {
    const error = await loadRooms(load, log).catch((thrown: unknown) => thrown);
    expect((error as Error).message).toContain("the rooms could not be loaded: ");
    expect(error instanceof ConfigurationError).toBe(isWrong);
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
