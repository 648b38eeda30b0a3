import { lobbyContract } from "../../test/contract/lobby.ts";
import { createMemoryLobby } from "./memory.ts";

lobbyContract("the lobby in memory", async (limits) => {
  let nowMs = 1_800_000_000_000;
  const metro = "fra";
  let lobby = createMemoryLobby({ metro, limits, nowMs: () => nowMs });
  return {
    metro,
    limits,
    lobby: () => lobby,
    nowMs: () => nowMs,
    async wait(ms) {
      // In steps, so that somebody is heard all along.
      for (let left = ms; left > 0; left -= limits.heartbeatMs) {
        nowMs += Math.min(left, limits.heartbeatMs);
        await lobby.index.release("nobody's");
      }
    },
    async stop() {
      nowMs += limits.leaseMs + 1;
    },
    async stepBack() {
      nowMs -= 60_000;
    },
    async forget() {
      await lobby.close();
      lobby = createMemoryLobby({ metro, limits, nowMs: () => nowMs });
    },
    close: () => lobby.close(),
  };
});
