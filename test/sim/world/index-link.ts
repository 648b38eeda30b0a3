/**
 * The index as one process reaches it: each question takes its time, may be lost on the way there (nothing happened) or back (it did),
 * or be asked twice, as a client does that retries. Every question is answered within its deadline, if only with INDEX_AWAY.
 */
import type { Lobby, ReplicaClaim, ReplicaSet, Reservation, ReserveReply, Settlement } from "@frontrow/lobby/lobby.ts";
import { FrontrowError } from "@frontrow/shared/errors.ts";
import type { Machine } from "../engine/machine.ts";
import type { World } from "../words.ts";
import { matchOfKey } from "./match-key.ts";
import type { Ask } from "./store.ts";
import { copiesOf } from "./weather.ts";

export function createIndexLink(world: World, machine: Machine): Lobby {
  const { scheduler, store, limits, weather, counts, watch } = world;
  const dice = world.dice.fork();
  let isHealthy = true;

  /** `seen`: what the index did, as the watchers know it before anybody is told. */
  function ask<T>(question: Ask<T>, seen: (answer: T) => void = () => {}, mayRepeat = true): Promise<T> {
    return new Promise((resolve, reject) => {
      let isOver = false;
      function end(settle: () => void, answered: boolean): void {
        if (isOver) return;
        isOver = true;
        isHealthy = answered;
        stopWaiting();
        settle();
      }
      const away = () => reject(new FrontrowError("INDEX_AWAY"));
      const stopWaiting = machine.clock.after(limits.redisCommandMs, () => end(away, false));
      const answer = (promise: Promise<T>) =>
        promise.then(
          (value) => {
            seen(value);
            reply(() => resolve(value));
          },
          (error) => reply(() => reject(error)),
        );
      function reply(settle: () => void): void {
        const [delayMs] = copiesOf(dice, weather.index);
        if (delayMs === undefined) counts["answers lost"]++;
        else scheduler.after(delayMs, () => machine.hear(() => end(settle, true)));
      }
      const copies = copiesOf(dice, weather.index);
      if (copies.length > 1 && mayRepeat) counts["asks duplicated"]++;
      for (const delayMs of mayRepeat ? copies : copies.slice(0, 1)) {
        if (delayMs === undefined) counts["asks lost"]++;
        else depart(delayMs, () => store.run(question, answer));
      }
    });
  }

  /** What a paused process had not written yet leaves when it is awake again. */
  function depart(delayMs: number, arrive: () => void): void {
    const isWritten = dice.chance(0.7);
    scheduler.after(delayMs, () => (isWritten ? arrive() : machine.hear(arrive)));
  }

  /** Every call of a port, as a question. */
  function port<P extends object>(
    of: (lobby: Lobby) => P,
    seen: Record<string, (args: never, answer: never) => void> = {},
  ): P {
    const call =
      (name: string) =>
      (...args: never[]) =>
        ask(
          (lobby) => (of(lobby) as Record<string, (...args: never[]) => Promise<unknown>>)[name]!(...args),
          (answer) => seen[name]?.(args as never, answer as never),
          name !== "takeReports",
        );
    return new Proxy({} as P, { get: (_, name) => call(name as string) });
  }

  return {
    index: port(({ index }) => index, {
      reserve: ([wanted]: [Reservation], reply: ReserveReply) => watch.reserved(wanted, reply),
      settle([key]: [string], reply: Settlement) {
        counts[`settled ${reply.kind}`]++;
        watch.settled(matchOfKey(key)!, reply);
      },
    }),
    leases: port(({ leases }) => leases),
    sessions: { ...port(({ sessions }) => sessions), onSuperseded: () => () => {} },
    replicas: port(({ replicas }) => replicas, {
      claim: ([claim]: [ReplicaClaim], set: ReplicaSet) => watch.claimed(claim, set),
    }),
    healthy: () => isHealthy,
    close: async () => {},
  };
}
