/** Duels on servers of which the first makes no rooms for `failing`, and rooms without a place for `full`. */
import { defineConfig, match } from "@frontrow/shared/config/modes.ts";

const teams = [{ seats: 1 }, { seats: 1 }];

export default defineConfig({
  modes: { failing: match({ teams }), full: match({ teams }), plain: match({ teams }), broken: match({ teams }) },
  rooms: () => import("./rooms.ts"),
  limits: { playsPerPlayerPerSecond: 100, requestsPerAddressPerSecond: 1_000 },
});
