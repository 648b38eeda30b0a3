/** Whether calls may pass: shut until the store has answered a pulse, and again as soon as it is lost. */
export interface Health {
  readonly healthy: boolean;
  /** Why not, for a log; never a secret. */
  readonly reason: string;
}

export interface Gate {
  isOpen(): boolean;
  /** Nothing is known yet: it has neither opened nor failed to. */
  isNew(): boolean;
  /** Why it is shut. */
  reason(): string;
  open(): void;
  shut(reason: string): void;
  /** Whether it is open at `untilMs` (performance.now()) or before. */
  opensUntil(untilMs: number): Promise<boolean>;
}

/** `onHealth` is called with the first state, and whenever it changes. */
export function createGate(onHealth: (health: Health) => void): Gate {
  let known: boolean | undefined;
  let reason = "It has not been reached yet.";
  const waiting = new Set<() => void>();

  function become(open: boolean, why: string) {
    reason = why;
    if (known === open) return;
    known = open;
    onHealth({ healthy: open, reason: why });
  }

  return {
    isOpen: () => known === true,
    isNew: () => known === undefined,
    reason: () => reason,
    open() {
      become(true, "");
      for (const wake of waiting) wake();
    },
    shut: (why) => become(false, why),
    opensUntil(untilMs) {
      const leftMs = untilMs - performance.now();
      if (known || leftMs <= 0) return Promise.resolve(known === true);
      return new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer);
          waiting.delete(done);
          resolve(known === true);
        };
        const timer = setTimeout(done, leftMs);
        waiting.add(done);
      });
    },
  };
}
