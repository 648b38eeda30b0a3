/** Holders that forget what a lock is. */
import type { HeldOutcome, Told } from "@frontrow/shared/ticket/holders.ts";
import type { Mutant } from "./mutant.ts";
import { override } from "./owner-mutants.ts";

/** Any owner is believed, also one that was replaced. */
export const ignoresEpochs: Mutant = {
  holders: (real) =>
    override(real, {
      hear: (metro, replica, message) =>
        real.hear(metro, replica, message.t === "propose" ? { ...message, epoch: Number.MAX_SAFE_INTEGER } : message),
    }),
};

/** A lock that runs out is free. */
export const freesOnExpiry: Mutant = {
  links: (real, hear, machine) => ({
    ...real,
    send(metro, replica, message) {
      if (message.t !== "settle") return real.send(metro, replica, message);
      const { n, match } = message;
      machine.soon(() => hear("", { t: "released", n, match }));
      return true;
    },
  }),
};

/** A ticket that is locked for one match locks for the next, too. */
export const locksTwice: Mutant = {
  links(real) {
    const locked = new Set<number>();
    return {
      ...real,
      send(metro, replica, message) {
        if (message.t === "locked") locked.add(message.n);
        else if (message.t === "enlist" || message.t === "withdraw") locked.delete(message.n);
        else if (message.t === "gone" && locked.has(message.n)) {
          return real.send(metro, replica, { ...message, t: "locked" });
        }
        return real.send(metro, replica, message);
      },
    };
  },
};

export const ignoresCancels: Mutant = {
  holders: (real) =>
    override(real, {
      open: (wish, told) => ({ ...real.open(wish, told), cancel() {} }),
    }),
};

/** Every word of a seat is told. */
export const tellsTwice: Mutant = {
  holders(real) {
    const tellers: Told[] = [];
    const ended = new Set<number>();
    return override(real, {
      open(wish, told) {
        const n = tellers.push(told) - 1;
        return real.open(wish, {
          ...told,
          ended(outcome: HeldOutcome) {
            ended.add(n);
            told.ended(outcome);
          },
        });
      },
      hear(metro, replica, message) {
        const isAgain = message.t === "seated" && ended.has(message.n);
        real.hear(metro, replica, message);
        if (isAgain) tellers[message.n]!.ended({ ok: true, ...message });
      },
    });
  },
};
