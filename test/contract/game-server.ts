/** Every listener under the game server must pass this: the whole way of a seat, dialled by the stock Colyseus SDK. */
import type { Listen } from "@frontrow/listener/listener.ts";
import { fill } from "@frontrow/shared/config/modes.ts";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createWorld, type World } from "../support/game-server/world.ts";

export function gameServerContract(listen: Listen) {
  let world: World;
  beforeAll(async () => {
    world = await createWorld({
      listen,
      modes: { plain: fill({ seats: 4 }) },
      rooms: async () => {
        const { PlainRoom } = await import("../support/game-server/rooms.ts");
        return { plain: PlainRoom };
      },
    });
  });
  afterAll(() => world.close());

  describe("a seat", () => {
    it("[GS1] a valid token makes its room and seats its player under the token's session", async () => {
      const seat = await world.seat();
      const room = await world.join(seat);
      expect(room.roomId).toBe(seat.claims.room);
      expect(room.sessionId).toBe(seat.claims.sid);
      room.send("echo", { hello: 1 });
      const heard = await new Promise((resolve) => room.onMessage("echo", resolve));
      expect(heard).toEqual({ hello: 1 });
      await room.leave();
    });
  });
  void vi;
}
