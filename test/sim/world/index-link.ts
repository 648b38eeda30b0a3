/**
 * The index as one process reaches it: each question takes its time, may be lost on the way there (nothing happened) or back (it did),
 * or be asked twice, as a client does that retries. Every question is answered within its deadline, if only with INDEX_AWAY.
 */
import type {
  Heartbeat,
  HeartbeatReply,
  Lobby,
  ReplicaClaim,
  ReplicaSet,
  Reservation,
  ReserveReply,
  Settlement,
} from "@frontrow/lobby/lobby.ts";
import { FrontrowError } from "@frontrow/shared/errors.ts";
import type { Machine } from "../engine/machine.ts";
import type { World } from "../words.ts";
import { matchOfKey } from "./match-key.ts";
import type { Ask } from "./store.ts";
import { copiesOf } from "./weather.ts";

/** As `redis.ts`: not tried twice. */
const ONCE = new Set(["takeReports", "heartbeat"]);

export function createIndexLink(world: World, machine: Machine, { hasLastWords = true } = {}): Lobby {
  const { scheduler, store, limits, weather, counts, watch } = world;
  const dice = world.dice.fork();
  let isHealthy = true;

  /** `seen`: what the index did, as the watchers know it before anybody is told. */
  function ask<T>(question: Ask<T>, seen: (answer: T) => void = () => {}, mayRepeat = true): Promise<T> {
    return new Promise((resolve, reject) => {
      const isRepeated = mayRepeat && dice.chance(weather.index.duplicate);
      const deadlineMs = (isRepeated ? 2 : 1) * limits.redisCommandMs;
      const stopWaiting = machine.clock.after(deadlineMs, () =>
        end(() => reject(new FrontrowError("INDEX_AWAY")), false),
      );
      let isOver = false;
      function end(settle: () => void, answered: boolean): void {
        if (isOver) return;
        isOver = true;
        isHealthy = answered;
        stopWaiting();
        settle();
      }
      function reply(settle: () => void): void {
        const delayMs = delayOf();
        if (delayMs === undefined) counts["answers lost"]++;
        else scheduler.after(delayMs, () => machine.hear(() => end(settle, true)));
      }
      const run = (isAnswered: boolean) =>
        store.run(question, (answer) =>
          answer.then(
            (value) => {
              seen(value);
              if (isAnswered) reply(() => resolve(value));
            },
            (error) => isAnswered && reply(() => reject(error)),
          ),
        );
      // Whoever asks once more no longer listens for the first answer, and the index hears the two in their order.
      const firstMs = delayOf();
      if (firstMs === undefined) counts["asks lost"]++;
      else depart(firstMs, () => run(!isRepeated));
      if (!isRepeated) return;
      counts["asks duplicated"]++;
      const againMs = dice.between(0, limits.redisCommandMs) + (delayOf() ?? 0);
      depart(Math.max(againMs, firstMs ?? 0), () => run(true));
    });
  }

  const delayOf = () => copiesOf(dice, { ...weather.index, duplicate: 0 })[0];

  /**
   * What a paused process had not written yet leaves when it is awake again. What a dead one had written may still arrive, unless it has
   * no last words: nothing in the index tells the order of a server's boots, so an earlier one's registration must not come last.
   */
  function depart(delayMs: number, arrive: () => void): void {
    const isWritten = dice.chance(0.7);
    scheduler.after(delayMs, () => {
      const isHeard = isWritten && (hasLastWords || machine.state !== "dead");
      if (isHeard) arrive();
      else machine.hear(arrive);
    });
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
          !ONCE.has(name),
        );
    return new Proxy({} as P, { get: (_, name) => call(name as string) });
  }

  return {
    fleet: port(({ fleet }) => fleet),
    index: port(({ index }) => index, {
      reserve: ([wanted]: [Reservation], reply: ReserveReply) => watch.reserved(wanted, reply),
      settle([key]: [string], reply: Settlement) {
        counts[`settled ${reply.kind}`]++;
        watch.settled(matchOfKey(key)!, reply);
      },
    }),
    leases: port(({ leases }) => leases, {
      register: ([{ server, boot }]: [{ server: string; boot: string }], _reply: unknown) =>
        world.log(() => `index: ${server} registers ${boot}`),
      heartbeat: ([beat]: [Heartbeat], reply: HeartbeatReply) => watch.beaten(beat, reply),
    }),
    sessions: { ...port(({ sessions }) => sessions), onSuperseded: () => () => {} },
    replicas: port(({ replicas }) => replicas, {
      claim: ([claim]: [ReplicaClaim], set: ReplicaSet) => watch.claimed(claim, set),
    }),
    healthy: () => isHealthy,
    close: async () => {},
  };
}
