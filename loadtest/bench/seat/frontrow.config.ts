/** The bench's one mode. Its players are few and ask far more often than people do, so the limits on asking are raised; the bounds are the default ones. */
import { defineConfig, fill } from "@frontrow/shared/config/modes.ts";

export const MODE = "bench";
export const ROOM_SEATS = 16;

export default defineConfig({
  modes: { [MODE]: fill({ seats: ROOM_SEATS }) },
  // No game server runs: the seats are never sat in.
  rooms: async () => ({}),
  limits: {
    edgeMessagesPerSecond: 100_000,
    playsPerPlayerPerSecond: 100_000,
    requestsPerAddressPerSecond: 1_000,
    // A fresh Redis offers rooms after one hold lifetime: the shortest in order spares the bench ten seconds of waiting.
    seatTokenMs: 5_000,
    seatHoldMs: 5_500,
  },
});
