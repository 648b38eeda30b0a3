/** The thread that has the file: a transaction that waits for the disk, or for another process, keeps no round and no seat waiting. */
import { randomInt } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";
import type { FromThread, ThreadOptions, ToThread } from "./asks.ts";
import { openDatabase } from "./database.ts";

/** What another process wrote is remembered wrongly for at most this. */
const CHANGES_SEEN_MS = 100;

const { file, rules } = workerData as ThreadOptions;
const port = parentPort!;
const say = (message: FromThread) => port.postMessage(message);
const database = openDatabase(file, rules, randomInt(1, 2 ** 47));

function look(): void {
  try {
    const players = database.changedElsewhere();
    if (players.length > 0) say({ kind: "changed", players });
  } catch {
    // The file is busy or away: nothing was marked as seen, the next look sees it.
  }
}
const looking = setInterval(look, CHANGES_SEEN_MS);

port.on("message", (message: ToThread) => {
  if (message === "close") {
    clearInterval(looking);
    database.close();
    port.close();
  } else {
    say({ kind: "outcomes", outcomes: database.run(message.asks) });
  }
});
say({ kind: "opened" });
