/** Owners that do not wait for everybody's word. */
import type { Matches, MatchPeer } from "@frontrow/matchmaker/matches.ts";
import type { Mutant } from "./mutant.ts";

interface Asked {
  readonly peer: MatchPeer;
  readonly n: number;
}

/** When one lock is heard, those of `others` are taken for given. */
export function impatient(
  others: (one: Asked, asked: readonly Asked[], partyOf: (of: Asked) => string | undefined) => Asked[],
): Mutant {
  return {
    matches(real) {
      const asked = new Map<string, Asked[]>();
      const parties = new Map<string, string>();
      const ears = createEars((peer, message) => {
        if (message.t !== "propose") return;
        asked.set(message.match, [...(asked.get(message.match) ?? []), { peer, n: message.n }]);
      });
      const partyOf = ({ peer, n }: Asked) => parties.get(`${ears.numberOf(peer)}#${n}`);
      return override(real, {
        connect: (peer) => real.connect(ears.of(peer)),
        hear(peer, member, message) {
          const ear = ears.of(peer);
          if (message.t === "enlist" && message.party)
            parties.set(`${ears.numberOf(ear)}#${message.n}`, message.party.key);
          real.hear(ear, member, message);
          if (message.t !== "locked") return;
          const { n, match } = message;
          for (const other of others({ peer: ear, n }, asked.get(match) ?? [], partyOf)) {
            real.hear(other.peer, undefined, { t: "locked", n: other.n, match });
          }
        },
      });
    },
  };
}

/** Takes each member of a party for one who plays alone. */
export const splitsParties: Mutant = {
  matches: (real) =>
    override(real, {
      hear(peer, member, message) {
        if (message.t !== "enlist") return real.hear(peer, member, message);
        const { party: _, ...alone } = message;
        real.hear(peer, member, alone);
      },
    }),
};

/** The same object with some of its methods replaced. */
export const override = <T extends object>(real: T, methods: Partial<T>): T =>
  Object.assign(Object.create(real) as T, methods);

/** Each peer with an ear on what it is told; always the same one, because owners know holders by identity. */
function createEars(heard: (peer: MatchPeer, message: Parameters<MatchPeer["tell"]>[0]) => void) {
  const ears = new Map<MatchPeer, MatchPeer>();
  const numbers = new Map<MatchPeer, number>();
  return {
    numberOf: (ear: MatchPeer) => numbers.get(ear),
    of(peer: MatchPeer): MatchPeer {
      const known = ears.get(peer);
      if (known) return known;
      const ear: MatchPeer = {
        ...peer,
        tell(message) {
          heard(ear, message);
          peer.tell(message);
        },
      };
      ears.set(peer, ear);
      numbers.set(ear, numbers.size);
      return ear;
    },
  };
}

export type { Matches };
