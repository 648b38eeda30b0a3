/** Duels between anybody, for tests that ask more often than people do. */
import { Room } from "@colyseus/core";
import { defineConfig, match } from "@frontrow/shared/config/modes.ts";

export default defineConfig({
  modes: { duel: match({ teams: [{ seats: 1 }, { seats: 1 }], holdMs: 0 }) },
  rooms: async () => ({ duel: class extends Room {} }),
  limits: { edgeMessagesPerSecond: 1_000, playsPerPlayerPerSecond: 1_000, requestsPerAddressPerSecond: 1_000 },
});
