/**
 * This process's place among the metro's replicas: claimed every heartbeat, lost after a silent lease. The set's epoch goes up with
 * every change and fences off who was replaced without noticing. While the index is away the last set stands: nobody new can come.
 */
import type { ReplicaSet, Replicas } from "@frontrow/lobby/lobby.ts";
import { type Clock, every } from "@frontrow/shared/clock.ts";
import type { Limits } from "@frontrow/shared/limits.ts";

export interface Membership {
  /** Undefined before the first claim was answered. */
  set(): ReplicaSet | undefined;
  /** Somebody has heard of this epoch: no set has a lower one from the next claim on, also when the index has forgotten it. */
  saw(epoch: number): void;
  /** The index's clock as far as it is known, Unix ms. */
  indexNowMs(): number;
  /** Gives the place up, so that nobody waits for the lease to run out. */
  leave(): Promise<void>;
}

export interface MembershipOptions {
  readonly replica: string;
  readonly replicas: Replicas;
  readonly clock: Clock;
  readonly wallMs: () => number;
  readonly limits: Pick<Limits, "heartbeatMs">;
  /** The set is another one. */
  readonly changed: (set: ReplicaSet) => void;
}

export function createMembership({ replica, replicas, clock, wallMs, limits, changed }: MembershipOptions): Membership {
  let set: ReplicaSet | undefined;
  let seenEpoch = 0;
  let heardMs = 0;
  let isClaiming = false;
  let hasLeft = false;

  function saw(epoch: number): void {
    seenEpoch = Math.max(seenEpoch, epoch);
  }

  async function claim(): Promise<void> {
    if (isClaiming || hasLeft) return;
    isClaiming = true;
    const askedMs = clock.nowMs();
    try {
      const answered = await replicas.claim({ replica, seenEpoch });
      if (hasLeft) return;
      const before = set;
      // From when it was asked: the index's clock is then never thought to be behind what it is.
      heardMs = askedMs;
      set = answered;
      saw(answered.epoch);
      if (before?.epoch !== answered.epoch) changed(answered);
    } catch {
      // The index is away; the next heartbeat asks again.
    } finally {
      isClaiming = false;
    }
  }

  void claim();
  const stop = every(clock, limits.heartbeatMs, () => void claim());

  return {
    set: () => set,
    saw,
    indexNowMs: () => (set ? set.nowMs + (clock.nowMs() - heardMs) : wallMs()),
    async leave() {
      hasLeft = true;
      stop();
      await replicas.claim({ replica, seenEpoch, leave: true }).catch(() => {});
    },
  };
}
