/**
 * A laptop's lid, a phone in a pocket, another network: the connection is dead, and its socket says so only minutes later. Timers
 * that did not run tell of a sleep, the browser tells of another network; then the room is pinged, and a connection that does not
 * answer is given up, upon which the SDK makes another one for the same seat.
 */
import type { Room } from "@colyseus/sdk";

/** How often the clock is looked at; background pages are given one timer a minute, and are pinged for it, which harms nobody. */
const LOOK_MS = 1_000;
/** A look that is later by so much was slept over. */
const SLEPT_MS = 4_000;
/** An honest server answers within this also over a slow link. */
const ANSWER_MS = 3_000;
/** Upon which SDKs reconnect. */
const MAY_TRY_RECONNECT = 4010;

type Pinged = Pick<Room, "ping" | "connection">;

export function watchSleep(room: Pinged, nowMs: () => number = Date.now): () => void {
  let lookedMs = nowMs();
  let overdue: ReturnType<typeof setTimeout> | undefined;

  function tryConnection(): void {
    if (overdue !== undefined || !room.connection?.isOpen) return;
    overdue = setTimeout(() => {
      overdue = undefined;
      room.connection.close(MAY_TRY_RECONNECT, "slept");
    }, ANSWER_MS);
    unref(overdue);
    room.ping(() => {
      clearTimeout(overdue);
      overdue = undefined;
    });
  }

  const timer = setInterval(() => {
    const now = nowMs();
    // A clock that was set back says nothing.
    if (now - lookedMs > LOOK_MS + SLEPT_MS) tryConnection();
    lookedMs = now;
  }, LOOK_MS);
  unref(timer);
  const page = typeof window === "undefined" ? undefined : window;
  page?.addEventListener("online", tryConnection);

  return () => {
    clearInterval(timer);
    clearTimeout(overdue);
    page?.removeEventListener("online", tryConnection);
  };
}

/** In Node it keeps no process alive. */
const unref = (timer: unknown) => (timer as { unref?: () => void }).unref?.();
