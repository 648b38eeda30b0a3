/** A server that many players of one address play on, as a test's do; what it takes back a second is the default. */
import { defineConfig, fill } from "@frontrow/shared/config/modes.ts";

export default defineConfig({
  modes: { swarm: fill({ seats: 200 }) },
  rooms: () => import("./rooms.ts"),
  limits: { requestsPerAddressPerSecond: 10_000 },
});
