/** The mistakes that the rules must catch, and the rules of which one must break for each. */
import { freesOnExpiry, ignoresCancels, ignoresEpochs, locksTwice, tellsTwice } from "./holder-mutants.ts";
import {
  believesReceipts,
  forgetsEpochs,
  hasNoTombstones,
  saysOldSeats,
  seatsTwice,
  sharesRooms,
  takesSilenceForNo,
} from "./index-mutants.ts";
import type { Mutant } from "./mutant.ts";
import { impatient, splitsParties } from "./owner-mutants.ts";

export const mutants: readonly { readonly name: string; readonly rules: readonly string[]; readonly mutant: Mutant }[] =
  [
    {
      name: "an owner that reserves after the first lock",
      rules: ["SM3"],
      mutant: impatient((one, asked) => asked.filter((other) => other !== one)),
    },
    {
      name: "an owner that takes one member's lock for its party's",
      rules: ["SM3"],
      mutant: impatient((one, asked, partyOf) =>
        partyOf(one) === undefined ? [] : asked.filter((other) => partyOf(other) === partyOf(one)),
      ),
    },
    { name: "an owner that splits parties", rules: ["SM11"], mutant: splitsParties },
    { name: "a holder that ignores epochs", rules: ["SM5"], mutant: ignoresEpochs },
    {
      name: "a holder that frees its ticket when the lock runs out",
      rules: ["SM1", "SM2", "SM3"],
      mutant: freesOnExpiry,
    },
    { name: "a holder that locks a locked ticket", rules: ["SM1", "SM3"], mutant: locksTwice },
    { name: "a holder that ignores cancels", rules: ["SM4"], mutant: ignoresCancels },
    { name: "an edge that tells a seat whenever it hears of one", rules: ["SM1", "SM4"], mutant: tellsTwice },
    { name: "an index without tombstones", rules: ["SM2", "SM3"], mutant: hasNoTombstones },
    { name: "a replica that takes an unknown reservation for none", rules: ["SM2", "SM3"], mutant: takesSilenceForNo },
    { name: "an index that puts matches together", rules: ["SM7"], mutant: sharesRooms },
    { name: "an index that seats who sits", rules: ["SM19"], mutant: seatsTwice },
    { name: "an index that does not hear who left", rules: ["SM20"], mutant: saysOldSeats },
    { name: "receipts that nobody verifies", rules: ["SM10"], mutant: believesReceipts },
    { name: "a replica that forgets what epoch it saw", rules: ["SM5", "SM14"], mutant: forgetsEpochs },
  ];
