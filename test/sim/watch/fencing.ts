/** Epochs and owners (INVARIANT 5): an epoch names one set, only goes up, and fences off who was replaced. */
import { rendezvous } from "@frontrow/shared/rendezvous.ts";
import { nameOf, type World } from "../words.ts";
import type { Watcher } from "./watch.ts";

export function watchFencing(
  {
    counts,
    log,
    store,
    edges,
  }: Pick<World, "counts" | "log" | "store"> & {
    /** Names of those that live. */
    edges(): string[];
  },
  broken: (rule: string, what: string) => void,
): Watcher {
  /** Of an epoch more than one only where the index forgot what nobody had heard yet. */
  const setsOf = new Map<number, (readonly string[])[]>();
  const seenBy = new Map<string, number>();
  /** Proposals that an edge heard after it knew better, by ticket and match. */
  const stale = new Set<string>();
  const heeded = new Set<string>();
  let highest = 0;
  let forgotten = 0;

  return {
    claimed({ replica, seenEpoch }, { epoch, members }) {
      log(() => `index: ${replica} claims, epoch ${epoch} of ${members}`);
      if (epoch < seenEpoch) broken("SM5", `${replica} has seen epoch ${seenEpoch} and is told ${epoch}`);
      if (epoch < highest && forgotten === 0) broken("SM5", `the epoch falls from ${highest} to ${epoch}`);
      const known = setsOf.get(epoch) ?? [];
      const isNew = !known.some((set) => set.join() === members.join());
      if (isNew && known.length > forgotten)
        broken("SM5", `epoch ${epoch} is of ${known.join(" and of ")} and of ${members}`);
      if (epoch > highest && highest > 0) counts.takeovers++;
      highest = Math.max(highest, epoch);
      if (isNew) setsOf.set(epoch, [...known, members]);
    },
    forgot() {
      forgotten++;
    },
    learns(edge, { epoch }) {
      seenBy.set(edge, Math.max(seenBy.get(edge) ?? 0, epoch));
    },
    over() {
      for (const edge of edges()) {
        const seen = seenBy.get(edge) ?? 0;
        if (seen > store.state.epoch)
          broken("SM5", `${edge} heeds nobody below epoch ${seen}; the index is at ${store.state.epoch}`);
      }
    },
    tells(replica, { mode, compat }, message) {
      if (message.t !== "propose") return;
      const owners = (setsOf.get(message.epoch) ?? []).map((members) => rendezvous(`${mode}|${compat}`, members));
      if (!owners.includes(replica)) {
        broken("SM5", `${replica} proposes ${message.match}; epoch ${message.epoch} names ${owners}`);
      }
    },
    hears(wish, message) {
      if (message.t !== "propose") return;
      const name = `${nameOf(wish)}/${message.match}`;
      if (message.epoch >= (seenBy.get(wish.edge) ?? 0)) heeded.add(name);
      // What was heard in time may be said again.
      else if (!heeded.has(name)) stale.add(name);
    },
    said(wish, message) {
      if (message.t !== "locked" && message.t !== "gone") return;
      const name = `${nameOf(wish)}/${message.match}`;
      if (!stale.has(name)) return;
      if (message.t === "gone") counts["stale proposals declined"]++;
      else broken("SM5", `${nameOf(wish)} locks for ${message.match}, whose epoch is over`);
    },
  };
}
