/** What the stock SDK reports, as promises. */
import type { Room } from "@colyseus/sdk";
import { vi } from "vitest";

/** The next message of a type. */
export function hears<T = unknown>(room: Room, type: string): Promise<T> {
  return new Promise((resolve) => {
    const off = room.onMessage(type, (message: T) => {
      off();
      resolve(message);
    });
  });
}

/** Sends and waits for the answer of the same type. */
export function asks<T = unknown>(room: Room, type: string, message?: unknown): Promise<T> {
  const heard = hears<T>(room, type);
  room.send(type, message);
  return heard;
}

/** Why the room was left, when it was. */
export function leaveCode(room: Room): Promise<number> {
  return new Promise((resolve) => room.onLeave((code) => resolve(code)));
}

/** Reconnects at once, whatever the room's age. */
export function reconnectsFast(room: Room): void {
  Object.assign(room.reconnection, { minUptime: 0, delay: 10, minDelay: 10, maxDelay: 50 });
}

/** Cuts the connection as a lost network does: no close frame reaches the server's room code as a wish to leave. */
export function drop(room: Room): void {
  room.connection.close(4010, "network lost");
}

/** What a join was refused with. */
export async function refusal(joining: Promise<unknown>): Promise<{ code: number; message: string }> {
  const joined = await joining.then(
    () => undefined,
    (error: { code: number; message: string }) => error,
  );
  if (!joined) throw new Error("the join was not refused");
  return { code: joined.code, message: joined.message };
}

/** Waits until `check` no longer throws. */
export const eventually = <T>(check: () => T | Promise<T>, timeout = 5_000): Promise<T> =>
  vi.waitFor(check, { timeout, interval: 20 });
