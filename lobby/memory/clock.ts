/**
 * The guard against clock steps and absences. When nobody was heard for longer than a lease, or the clock went back, it was
 * the store that was away, not the servers: for one lease nobody is taken for dead and no hold runs out, and rooms from
 * before the gap leave the offer until they were published again and every hold that may have been lost has run out.
 */
import type { LeaseRecord, LobbyState, RoomRecord, ServerRecord } from "./state.ts";

/** Reads the clock and notices a gap. Every call that changes the index begins with it. */
export function observe(state: LobbyState): number {
  const now = state.nowMs();
  const { clockMs, limits } = state;
  const stepped = clockMs === undefined || now - clockMs > limits.leaseMs || now < clockMs - limits.heartbeatMs;
  state.clockMs = now;
  if (stepped) {
    state.gap++;
    state.gapAtMs = now;
    state.open.clear();
  }
  return now;
}

export const inGrace = (state: LobbyState, now: number) => now < state.gapAtMs + state.limits.leaseMs;

/** Whether every hold from before the last gap has run out. */
export const isSettled = (state: LobbyState, now: number) => now >= state.gapAtMs + state.limits.seatHoldMs;

/** How long until every server that lives has published everything since the last gap: they begin when holds are settled. */
export const unsureMs = (state: LobbyState, now: number) =>
  Math.max(0, state.gapAtMs + state.limits.seatHoldMs + state.limits.leaseMs - now);

export function isLive(state: LobbyState, now: number, lease: LeaseRecord): boolean {
  return lease.leaseGap === state.gap ? now < lease.leaseUntilMs : inGrace(state, now);
}

/** The room's server if it lives and the room is of its present boot. */
export function liveServerOf(
  state: LobbyState,
  now: number,
  { server, boot }: Pick<RoomRecord, "server" | "boot">,
): ServerRecord | undefined {
  const record = state.servers.get(server);
  return record && record.boot === boot && isLive(state, now, record) ? record : undefined;
}
