/** What the lobby index learns from a real server's heartbeats. */
import { expect, it } from "vitest";
import { asks, eventually } from "../../support/game-server/sdk.ts";
import type { Suite } from "../game-server.ts";

export function indexContract(suite: Suite) {
  const listed = async (mode: string, roomId: string) =>
    (await suite.world.lobby.index.listRooms({ mode, limit: 100 })).rooms.find((room) => room.roomId === roomId);

  it("[GS26] seats taken and left, and the room's metadata, show in the index", async () => {
    const { world } = suite;
    const seat = await world.seat({ mode: "leaving" });
    const { room: roomId } = seat.claims;
    const room = await world.join(seat);
    await eventually(async () => expect(await listed("leaving", roomId)).toMatchObject({ seats: 4, free: 3 }));
    const second = await world.join(await world.seat({ mode: "leaving", target: { kind: "room", roomId } }));
    room.send("tell", { map: "dust" });
    await eventually(async () => {
      expect(await listed("leaving", roomId)).toMatchObject({ free: 2, metadata: { map: "dust" } });
    });
    await second.leave();
    await eventually(async () => expect(await listed("leaving", roomId)).toMatchObject({ free: 3 }));
    await room.leave();
    await eventually(async () => expect(await listed("leaving", roomId)).toBeUndefined());
  });

  it("[GS33] metadata beyond its bound is listed as {}, with one warning", async () => {
    const { world } = suite;
    const seat = await world.seat();
    const room = await world.join(seat);
    room.send("tell", { large: "x".repeat(world.limits.roomMetadataBytes) });
    await eventually(() => {
      const warned = world.lines.filter(({ level, fields }) => level === "warn" && fields.room === seat.claims.room);
      expect(warned).toHaveLength(1);
    });
    await eventually(async () => expect(await listed("plain", seat.claims.room)).toMatchObject({ metadata: {} }));
    await room.leave();
  });

  it("[GS26] a locked room takes no reservations, a hidden one is not listed", async () => {
    const { world } = suite;
    const seat = await world.seat();
    const { room: roomId } = seat.claims;
    const room = await world.join(seat);
    room.send("hide");
    await eventually(async () => expect(await listed("plain", roomId)).toBeUndefined());
    room.send("lock");
    await asks(room, "echo", 1);
    await eventually(async () => {
      await expect(world.seat({ target: { kind: "room", roomId } })).rejects.toThrow("ROOM_LOCKED");
    });
    await room.leave();
  });

  it("[GS34] the registration is signed by the fleet key and says where players dial", async () => {
    const { world } = suite;
    expect(world.registration).toMatchObject({ metro: "fra", server: "7", boot: world.gameServer.boot, secure: false });
  });
}
