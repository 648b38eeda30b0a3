/**
 * The replica set of a metro in memory. Each change of it is a new epoch above all that anybody ever saw: who comes back with
 * a higher one than the index knows proves that the index has forgotten, and that is a change, too.
 */
import { checkClaim } from "../bounds.ts";
import { REPLICAS_MAX, type ReplicaClaim, type ReplicaSet } from "../match.ts";
import { isLive, observe } from "./clock.ts";
import type { LobbyState } from "./state.ts";

export function claimReplica(state: LobbyState, claim: ReplicaClaim): ReplicaSet {
  checkClaim(claim);
  const { replica, seenEpoch, leave = false } = claim;
  const now = observe(state);
  const { replicas, limits } = state;
  let isChanged = false;
  for (const [name, lease] of replicas) {
    if (isLive(state, now, lease)) continue;
    replicas.delete(name);
    isChanged = true;
  }
  if (leave) {
    if (replicas.delete(replica)) isChanged = true;
  } else if (replicas.has(replica) || replicas.size < REPLICAS_MAX) {
    if (!replicas.has(replica)) isChanged = true;
    replicas.set(replica, { leaseUntilMs: now + limits.leaseMs, leaseGap: state.gap });
  }
  if (isChanged || seenEpoch > state.epoch) state.epoch = Math.max(state.epoch, seenEpoch) + 1;
  return { epoch: state.epoch, members: [...replicas.keys()].sort(), nowMs: now };
}
