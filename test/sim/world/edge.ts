/** An edge's process: the real holders of tickets over simulated links. Its sessions are the players themselves (`player.ts`). */
import type { HolderMessage, OwnerMessage, ReplicaSet } from "@frontrow/shared/protocol/match-link.ts";
import { createHolders, type HeldTicket, type Told } from "@frontrow/shared/ticket/holders.ts";
import { createMachine, type Machine } from "../engine/machine.ts";
import { METRO, type Wish, type World } from "../words.ts";
import { createEdgeLink, type EdgeLink } from "./edge-link.ts";
import type { Site } from "./replica.ts";
import { sidOf } from "./sid.ts";

const RTT = { minMs: 10, jitterMs: 0, loss: 0, samples: 5, verified: true };

/** Where an edge stands: one process after another. */
export interface Place {
  readonly name: string;
  edge: Edge | undefined;
}

export interface Edge {
  readonly name: string;
  readonly machine: Machine;
  readonly links: readonly EdgeLink[];
  open(wish: Omit<Wish, "edge" | "n" | "openedMs" | "isDeaf" | "end">, told: Told): { wish: Wish; held: HeldTicket };
  readonly size: number;
}

export function createEdge(world: World, name: string, place: Place, sites: readonly Site[]): Edge {
  const { scheduler, limits, modes, watch, mutant } = world;
  const machine = createMachine(name, scheduler, world.dice.fork());
  const wishes: Wish[] = [];
  machine.onKilled(() => {
    for (const wish of wishes) wish.end ??= "crashed";
  });

  function hear(replica: string, message: OwnerMessage): void {
    const wish = "n" in message ? watch.wishOf(name, message.n) : undefined;
    if (wish && message.t !== "unknown") watch.hears(wish, message);
    holders.hear(METRO, replica, message);
  }

  function send(replica: string | undefined, message: HolderMessage): boolean {
    const wish = "n" in message ? watch.wishOf(name, message.n) : undefined;
    if (wish && message.t !== "renew") watch.said(wish, message);
    const isSent = links.some((link) => link.say(replica, message));
    if (wish && isSent && message.t === "enlist") watch.enlisted(wish);
    return isSent;
  }

  function bestSet(): ReplicaSet | undefined {
    return links.reduce<ReplicaSet | undefined>((best, link) => {
      const set = link.set();
      return set && (!best || set.epoch > best.epoch) ? set : best;
    }, undefined);
  }

  const links: readonly EdgeLink[] = sites.map((site) =>
    createEdgeLink(world, machine, place.name, site, { hear, changed: () => holders.replicasChanged(METRO) }),
  );
  const own = { send: (_metro: string, to: string | undefined, message: HolderMessage) => send(to, message) };
  const ways = { ...own, replicas: bestSet };
  const real = createHolders({
    clock: machine.clock,
    limits,
    links: mutant.links?.(ways, (replica, message) => holders.hear(METRO, replica, message), machine) ?? ways,
  });
  const holders = mutant.holders?.(real, (message) => send(undefined, message)) ?? real;

  return {
    name,
    machine,
    links,
    open(asked, told) {
      const { player, ticket, mode, compat, party, receipt } = asked;
      const wish: Wish = {
        ...asked,
        edge: name,
        n: wishes.length,
        openedMs: scheduler.nowMs,
        isDeaf: false,
        end: undefined,
      };
      wishes.push(wish);
      watch.wished(wish);
      const held = holders.open(
        {
          sid: sidOf(name, player),
          ticket,
          ...(party ? { party } : {}),
          mode,
          compat,
          options: {},
          avoid: [],
          receipt,
          timeoutMs: modes[mode]!.timeoutMs,
          rtt: () => RTT,
          metros: () => [{ metro: METRO, rttMs: 10 }],
        },
        mutant.told?.(told) ?? told,
      );
      return { wish, held };
    },
    get size() {
      return holders.size;
    },
  };
}
