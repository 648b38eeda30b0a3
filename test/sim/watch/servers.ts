/**
 * Game servers in the index (INVARIANTS 15 and 16). Heartbeats come late and twice, and a replica of the index that takes over may hear
 * again what its master had heard; an older one changes nothing. A server that lives is in the index again soon after the last fault.
 */
import type { World } from "../words.ts";
import type { Watcher } from "./watch.ts";

/** Two heartbeats, one of which may find the server unknown, and what they take. */
const LISTED_MS = 3_000;

export function watchServers(
  { store, scheduler, faultsMs }: Pick<World, "store" | "scheduler"> & { readonly faultsMs: number },
  broken: (rule: string, what: string) => void,
  living: () => readonly { readonly server: string; readonly boot: string }[],
): Watcher {
  const heard = new Map<string, number>();
  let isLooked = false;

  return {
    beaten({ server, boot, seq }, { kind }) {
      const key = `${server} ${boot}`;
      const before = heard.get(key) ?? 0;
      if (kind === "ALIVE" && seq <= before) broken("SM9", `heartbeat ${seq} of ${key} counts after ${before}`);
      const known = store.state.servers.get(server);
      if (kind === "ALIVE" && known?.boot !== boot)
        broken("SM9", `a heartbeat of ${key} counts, ${known?.boot} is there`);
      if (kind === "ALIVE") heard.set(key, seq);
    },
    forgot: () => heard.clear(),
    stepped() {
      if (isLooked || scheduler.nowMs < faultsMs + LISTED_MS) return;
      isLooked = true;
      for (const { server, boot } of living()) {
        if (store.state.servers.get(server)?.boot !== boot)
          broken("SM9", `${server} ${boot} lives and is not in the index`);
      }
    },
  };
}
