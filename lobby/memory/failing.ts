/**
 * Servers on which rooms of a mode fail. From the first refusal on, and for `failingServerMs`, such a server is given at most
 * `failingPlacementsMax` new rooms of that mode; then it is tried as if nothing had been. Other modes on it are not touched: a
 * room class that throws must not take the rest of the metro with it.
 */
import type { FailingMode, LobbyState, ServerRecord } from "./state.ts";

/** A window that ends later than any could was opened before the clock went back. */
function failing(state: LobbyState, now: number, server: ServerRecord, mode: string): FailingMode | undefined {
  const found = server.failing.get(mode);
  const leftMs = found ? found.untilMs - now : 0;
  return leftMs > 0 && leftMs <= state.limits.failingServerMs ? found : undefined;
}

export function markFailing(state: LobbyState, now: number, server: ServerRecord, mode: string): void {
  if (failing(state, now, server, mode)) return;
  server.failing.set(mode, { untilMs: now + state.limits.failingServerMs, placements: 0 });
}

export function mayTakeRoom(state: LobbyState, now: number, server: ServerRecord, mode: string): boolean {
  return (failing(state, now, server, mode)?.placements ?? 0) < state.limits.failingPlacementsMax;
}

export function countPlacement(state: LobbyState, now: number, server: ServerRecord, mode: string): void {
  const found = failing(state, now, server, mode);
  if (found) found.placements++;
}
