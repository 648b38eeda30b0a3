/** A mistake put into the protocol from outside: what the real parts are wrapped in where a mutant plays. */
import type { Lobby } from "@frontrow/lobby/lobby.ts";
import type { LobbyState } from "@frontrow/lobby/memory/state.ts";
import type { Matches } from "@frontrow/matchmaker/matches.ts";
import type { Receipts } from "@frontrow/matchmaker/ticket/receipt.ts";
import type { HolderMessage, OwnerMessage } from "@frontrow/shared/protocol/match-link.ts";
import type { Holders, OwnerLinks, Told } from "@frontrow/shared/ticket/holders.ts";
import type { Machine } from "../engine/machine.ts";
import type { World } from "../words.ts";

export interface Mutant {
  /** What the index remembers, whenever it begins anew. */
  state?(state: LobbyState): void;
  /** The index, as a replica reaches it. */
  lobby?(lobby: Lobby, world: World): Lobby;
  receipts?(receipts: Receipts): Receipts;
  /** A replica's owner of pools. */
  matches?(matches: Matches, world: World): Matches;
  /** What an edge's holders say; `hear` makes them hear something. */
  links?(links: OwnerLinks, hear: (replica: string, message: OwnerMessage) => void, machine: Machine): OwnerLinks;
  /** An edge's holders; `say` says something in their name. */
  holders?(holders: Holders, say: (message: HolderMessage) => void): Holders;
  /** What the client is told. */
  told?(told: Told): Told;
}

/** The protocol as it is. */
export const NO_MUTANT: Mutant = {};
