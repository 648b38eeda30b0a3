/**
 * What a run stands on: everything that was started, told at once, so that a start that fails half-way leaves nothing behind; and
 * which of two processors each process has while many journeys are in flight.
 *
 * Left alone, the kernel keeps processes that talk to one another together on one processor for a while. For one journey at a time
 * that is right; for many it makes the rate a matter of luck (9,000 or 13,000 a second, a minute apart). A machine with more
 * processors is used as if it had two. Where there is no `taskset` everything stays where the kernel puts it.
 */
import { spawnSync } from "node:child_process";

type Processor = 0 | 1;

export interface Ground {
  keep<T extends { stop(): Promise<void> }>(started: T): T;
  /** Which processor a process has when they are spread; the client's is 0. */
  assign(pid: number, processor: Processor): void;
  /** Each process on its own processor, or all free to use both. */
  spread(isSpread: boolean): void;
  /** Stops everything, the last started first. */
  clear(): Promise<void>;
}

export function createGround(): Ground {
  const started: { stop(): Promise<void> }[] = [];
  const processors = new Map<number, Processor>([[process.pid, 0]]);
  return {
    keep(one) {
      started.unshift(one);
      return one;
    },
    assign: (pid, processor) => void processors.set(pid, processor),
    spread(isSpread) {
      for (const [pid, processor] of processors) {
        spawnSync("taskset", ["-apc", isSpread ? `${processor}` : "0,1", `${pid}`], { stdio: "ignore" });
      }
    },
    async clear() {
      for (const { stop } of started) await stop();
    },
  };
}
