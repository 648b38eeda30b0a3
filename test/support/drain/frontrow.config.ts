/** Duels that go on until their server ends them, and an arena. */
import { Room } from "@colyseus/core";
import { defineConfig, fill, match } from "@frontrow/shared/config/modes.ts";

export default defineConfig({
  modes: { duel: match({ teams: [{ seats: 1 }, { seats: 1 }], holdMs: 0 }), arena: fill({ seats: 8 }) },
  rooms: async () => ({ duel: class extends Room {}, arena: class extends Room {} }),
  limits: { playsPerPlayerPerSecond: 100, requestsPerAddressPerSecond: 1_000 },
});
