/** Which of a metro's replicas owns a pool; undefined while nobody knows the set. */
import { poolKey, type ReplicaSet } from "@frontrow/shared/protocol/match-link.ts";
import { rendezvous } from "@frontrow/shared/rendezvous.ts";

export function ownerOf(mode: string, compat: string, set: ReplicaSet | undefined): string | undefined {
  return set && rendezvous(poolKey({ mode, compat }), set.members);
}
