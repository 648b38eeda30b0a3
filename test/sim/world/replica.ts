/** A matchmaker's process: the real match modes of a metro, over the simulated index, clock and links. */
import { createMatches, type Matches, type MatchPeer } from "@frontrow/matchmaker/matches.ts";
import { createMemoryRatings } from "@frontrow/matchmaker/rating/memory/memory.ts";
import { createServers } from "@frontrow/matchmaker/seat/servers.ts";
import { createSignSeat } from "@frontrow/matchmaker/seat/sign-seat.ts";
import { createReceipts } from "@frontrow/matchmaker/ticket/receipt.ts";
import type { HolderMessage, OwnerMessage, ReplicaSet } from "@frontrow/shared/protocol/match-link.ts";
import { createMachine, type Machine } from "../engine/machine.ts";
import { METRO, type World } from "../words.ts";
import { createIndexLink } from "./index-link.ts";
import { playerOf } from "./sid.ts";
import { writeToken } from "./token.ts";

/** A machine on which a replica runs, or none does. */
export interface Site {
  readonly name: string;
  replica: Replica | undefined;
}

export interface Replica {
  readonly name: string;
  readonly machine: Machine;
  readonly matches: Matches;
  /** A link from an edge. */
  accept(
    edge: string,
    ear: { tell(message: OwnerMessage): void; replicas(set: ReplicaSet & { replica: string }): void },
  ): { hear(message: HolderMessage): void; disconnect(): void };
}

const ISSUER_KEY = "the metro's key";

export function createReplica(world: World, name: string): Replica {
  const { scheduler, limits, watch, mutant, counts } = world;
  const dice = world.dice.fork();
  const machine = createMachine(name, scheduler, dice.fork());
  const index = createIndexLink(world, machine);
  const lobby = mutant.lobby?.(index, world) ?? index;
  const random = (bytes: number) => Uint8Array.from({ length: bytes }, () => dice.below(256));
  const receipts = createReceipts(ISSUER_KEY);
  let matchesMade = 0;
  const servers = createServers({
    index: lobby.index,
    metro: METRO,
    fleetKeys: [],
    nowMs: machine.wallMs,
    onDistrust: () => {},
  });
  const real = createMatches({
    metro: METRO,
    replica: name,
    modes: world.modes,
    lobby,
    limits,
    ratings: createMemoryRatings(),
    receipts: mutant.receipts?.(receipts) ?? receipts,
    servers,
    sign: createSignSeat(METRO, { sign: writeToken }, limits),
    clock: machine.clock,
    wallMs: machine.wallMs,
    rng: dice.next,
    random,
    newMatchId: () => `match-${machine.name}-${matchesMade++}-${dice.below(1e6)}`,
    soon: machine.soon,
    observe(event) {
      if (event.kind === "threw") watch.broken("SM15", `${name} threw ${event.error}`);
      if (event.kind === "matched" && event.flight.proposal.bots.some((bots) => bots > 0))
        counts["matches with bots"]++;
    },
  });
  const matches = mutant.matches?.(real, world) ?? real;

  return {
    name,
    machine,
    matches,
    accept(edge, ear) {
      const peer: MatchPeer = {
        tell(message) {
          const wish = "n" in message ? watch.wishOf(edge, message.n) : undefined;
          if (wish && message.t !== "unknown") watch.tells(name, wish, message);
          ear.tell(message);
        },
        replicas: ear.replicas,
      };
      const { disconnect } = matches.connect(peer);
      return {
        hear(message) {
          const member = "sid" in message ? { playerId: playerOf(message.sid), guest: false } : undefined;
          matches.hear(peer, member, message);
        },
        disconnect,
      };
    },
  };
}
