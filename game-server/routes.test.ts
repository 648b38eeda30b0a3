import { resolveLimits } from "@frontrow/shared/limits.ts";
import { expect, it } from "vitest";
import { recordingLog } from "../test/support/game-server/recording-log.ts";
import { createSeatKeys } from "./admission/seat-keys.ts";
import type { GameServerOptions } from "./options.ts";
import type { RoomTable } from "./rooms/room-table.ts";
import { createRoutes } from "./routes.ts";
import { createWorld } from "./world.ts";

function pathsAt(publicAddress: string): string[] {
  const options = { metro: "fra", server: "7", limits: resolveLimits(), publicAddress, log: recordingLog().log };
  const world = createWorld(options as unknown as GameServerOptions);
  const routes = createRoutes(world, {} as RoomTable, createSeatKeys([], "7", world.boot, 1_500));
  routes.stop();
  return routes.sockets.map(({ path }) => path);
}

it.each<[string, string[]]>([
  ["", ["/:seat/:room", "/"]],
  [":2568", ["/:seat/:room", "/"]],
  ["play.example.com:443", ["/:seat/:room", "/"]],
  ["play.example.com/gs-7", ["/:seat/:room", "/", "/gs-7/:seat/:room", "/gs-7"]],
  ["play.example.com/a/b/", ["/:seat/:room", "/", "/a/b/:seat/:room", "/a/b"]],
])("[GS34] a server at %o answers with its proxy's path and without it", (publicAddress, paths) => {
  expect(pathsAt(publicAddress)).toEqual(paths);
});
