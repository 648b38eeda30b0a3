/**
 * Whoever watches the world for broken promises. The world says what happens where it happens (a message leaves, the index answers, a
 * client is told); each watcher hears what concerns its rules and says `broken` when one of them is.
 */
import type { Heartbeat, HeartbeatReply, Reservation, ReserveReply, Settlement } from "@frontrow/lobby/lobby.ts";
import type { ReplicaClaim, ReplicaSet } from "@frontrow/lobby/match.ts";
import type { HolderMessage, ReplicaSet as KnownSet, OwnerMessage } from "@frontrow/shared/protocol/match-link.ts";
import type { HeldOutcome } from "@frontrow/shared/ticket/holders.ts";
import type { Wish } from "../words.ts";

export interface Watcher {
  /** A client opened a ticket. */
  wished?(wish: Wish): void;
  /** A holder says something about one of its tickets; whether it arrives is open. */
  said?(wish: Wish, message: Exclude<HolderMessage, { t: "renew" }>): void;
  /** It left for its owner. */
  enlisted?(wish: Wish): void;
  /** The edge is about to hear. */
  hears?(wish: Wish, message: Exclude<OwnerMessage, { t: "unknown" }>): void;
  /** The edge is about to hear of a replica set. */
  learns?(edge: string, set: KnownSet): void;
  /** An owner says something about a ticket. */
  tells?(replica: string, wish: Wish, message: Exclude<OwnerMessage, { t: "unknown" }>): void;
  /** The client is told how its ticket ended. */
  ended?(wish: Wish, outcome: HeldOutcome): void;
  /** The client took its ticket back, or declined. */
  cancelled?(wish: Wish): void;
  /** The index did this, whether or not anybody hears of it. */
  reserved?(wanted: Reservation, reply: ReserveReply): void;
  settled?(match: string, reply: Settlement): void;
  claimed?(claim: ReplicaClaim, set: ReplicaSet): void;
  beaten?(beat: Heartbeat, reply: HeartbeatReply): void;
  /** The index lost what it knew, or some of it. */
  forgot?(): void;
  /** A player sits down in a room, or is in it no more. */
  sat?(player: string): void;
  stood?(player: string): void;
  /** A player has left its seat for good. */
  left?(player: string): void;
  /** After each event. */
  stepped?(): void;
  /** The run is over, long after the last fault and the last ticket. */
  over?(): void;
}

export interface Broken {
  readonly rule: string;
  readonly what: string;
  readonly atMs: number;
}

export interface Watch extends Required<Watcher> {
  /** The ticket of a holder's number. */
  wishOf(edge: string, n: number): Wish | undefined;
  broken(rule: string, what: string): void;
  readonly first: Broken | undefined;
}

const HOOKS = [
  "wished",
  "said",
  "enlisted",
  "hears",
  "learns",
  "tells",
  "ended",
  "cancelled",
  "reserved",
  "settled",
  "claimed",
  "beaten",
  "forgot",
  "sat",
  "stood",
  "left",
  "stepped",
  "over",
] as const satisfies (keyof Watcher)[];

export function createWatch(nowMs: () => number): Watch & { add(watcher: Watcher): void } {
  const wishes = new Map<string, Wish>();
  const hooks = new Map<string, ((...args: never[]) => void)[]>(HOOKS.map((name) => [name, []]));
  let first: Broken | undefined;
  const all = Object.fromEntries(
    HOOKS.map((name) => {
      const each = hooks.get(name)!;
      return [
        name,
        (...args: never[]) => {
          for (const hook of each) hook(...args);
        },
      ];
    }),
  ) as unknown as Required<Watcher>;
  return {
    ...all,
    wished(wish) {
      wishes.set(`${wish.edge}#${wish.n}`, wish);
      all.wished(wish);
    },
    wishOf: (edge, n) => wishes.get(`${edge}#${n}`),
    broken(rule, what) {
      first ??= { rule, what, atMs: nowMs() };
    },
    get first() {
      return first;
    },
    add(watcher) {
      for (const name of HOOKS) {
        const hook = watcher[name] as ((...args: never[]) => void) | undefined;
        if (hook) hooks.get(name)!.push(hook.bind(watcher) as never);
      }
    },
  };
}
