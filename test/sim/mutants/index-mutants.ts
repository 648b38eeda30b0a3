/** An index, or a replica's use of it, that decides nothing. */
import type { LobbyIndex } from "@frontrow/lobby/lobby.ts";
import type { Mutant } from "./mutant.ts";
import { override } from "./owner-mutants.ts";

const withIndex = (change: (index: LobbyIndex) => Partial<LobbyIndex>): Mutant => ({
  lobby: (real) => override(real, { index: override(real.index, change(real.index)) }),
});

/** Says ABORTED, and takes seats for the match afterwards. */
export const hasNoTombstones: Mutant = {
  state(state) {
    state.aborted.set = () => {};
  },
};

/** What nobody knows is taken for a no. */
export const takesSilenceForNo: Mutant = withIndex((index) => ({
  reserve: (wanted) => index.reserve(wanted).catch(() => ({ kind: "NO_SERVER" as const })),
}));

/** Matches go where there is room. */
export const sharesRooms: Mutant = withIndex((index) => ({
  reserve(wanted) {
    const { target, fresh } = wanted;
    if (target.kind !== "match") return index.reserve(wanted);
    return index.reserve({ ...wanted, target: { kind: "best", mode: target.mode }, fresh: { ...fresh, seats: 16 } });
  },
}));

/** A receipt is what it says. */
export const believesReceipts: Mutant = {
  receipts: (real) => ({
    ...real,
    read: (receipt) => JSON.parse(Buffer.from(receipt.slice(0, -43), "base64url").toString()),
  }),
};

/** Claims its place as if it had never heard of an epoch. */
export const forgetsEpochs: Mutant = {
  lobby: (real) => override(real, { replicas: { claim: (claim) => real.replicas.claim({ ...claim, seenEpoch: 0 }) } }),
};

/** Takes seats without a look at who sits elsewhere. */
export const seatsTwice: Mutant = withIndex((index) => ({
  reserve: (wanted) => index.reserve({ ...wanted, players: [] }),
}));

/** What it last heard of a player it says for ever, as if it had just been told. */
export const saysOldSeats: Mutant = {
  lobby(real) {
    let seq = 0;
    return override(real, {
      index: override(real.index, {
        playing: async (players) => players.map((player) => ({ player, seq: ++seq })),
      }),
    });
  },
};
