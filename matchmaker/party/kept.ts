/** The parties that an owner keeps, and by which link and number each member of them is reached. */
import type { PartyMessage } from "@frontrow/shared/protocol/party-link.ts";
import type { Party } from "./party.ts";

/** The other end of one link. */
export interface PartyEar {
  tell(message: PartyMessage): void;
}

/** How a member is reached, and what its edge is known to know. */
export interface Seat {
  readonly ear: PartyEar;
  readonly n: number;
  own: number;
  seen: number;
  provedMs: number;
}

export interface Kept {
  party: Party;
  readonly seats: Map<string, Seat>;
  /** Of what was told last; another owner begins with another number. */
  rev: number;
  told: string | undefined;
}

export interface KeptParties {
  get(code: string): Kept | undefined;
  /** Whom an edge means by its number. */
  find(ear: PartyEar, n: number): { kept: Kept; member: string } | undefined;
  /** Keeps the party, with a member that is reached there from now on. */
  seat(kept: Kept, member: string, at: Seat): void;
  /** Forgets how to reach those who are no members any more, and a party that has none. */
  tidy(kept: Kept): void;
  letGo(kept: Kept): void;
  all(): Iterable<Kept>;
  readonly size: number;
}

export function createKeptParties(): KeptParties {
  const parties = new Map<string, Kept>();
  const numbers = new Map<PartyEar, Map<number, { kept: Kept; member: string }>>();

  function unseat(kept: Kept, member: string): void {
    const at = kept.seats.get(member);
    if (!at) return;
    kept.seats.delete(member);
    const ofEar = numbers.get(at.ear);
    ofEar?.delete(at.n);
    if (ofEar?.size === 0) numbers.delete(at.ear);
  }

  function tidy(kept: Kept): void {
    const present = new Set(kept.party.members.map(({ id }) => id));
    for (const member of kept.seats.keys()) if (!present.has(member)) unseat(kept, member);
    if (present.size === 0 && parties.get(kept.party.code) === kept) parties.delete(kept.party.code);
  }

  return {
    get: (code) => parties.get(code),
    find: (ear, n) => numbers.get(ear)?.get(n),
    seat(kept, member, at) {
      parties.set(kept.party.code, kept);
      unseat(kept, member);
      kept.seats.set(member, at);
      const ofEar = numbers.get(at.ear);
      if (ofEar) ofEar.set(at.n, { kept, member });
      else numbers.set(at.ear, new Map([[at.n, { kept, member }]]));
    },
    tidy,
    letGo(kept) {
      kept.party = { ...kept.party, members: [] };
      tidy(kept);
    },
    all: () => parties.values(),
    get size() {
      return parties.size;
    },
  };
}
