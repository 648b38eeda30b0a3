/** A room's metadata as players may list it: JSON within a bound, `{}` where it is larger or no JSON. */
import type { Log } from "../observe.ts";
import type { RoomRecord } from "./room-record.ts";

export function createPublicMetadata(bytesMax: number, log: Log): (record: RoomRecord) => string {
  const warned = new WeakSet<RoomRecord>();

  function refuse(record: RoomRecord, why: string): string {
    if (!warned.has(record)) log.warn({ room: record.roomId }, `a room's metadata is not shown: ${why}`);
    warned.add(record);
    return "{}";
  }

  return (record) => {
    try {
      const text = JSON.stringify(record.room?.metadata ?? null) ?? "null";
      return Buffer.byteLength(text) <= bytesMax ? text : refuse(record, `it is larger than ${bytesMax} bytes`);
    } catch {
      return refuse(record, "it is no JSON");
    }
  };
}
