/** The demo's modes with the limits that one address of load needs: every k6 player comes from the same one. */
import { defineConfig } from "@frontrow/shared/config/modes.ts";
import demo from "frontrow/arena/frontrow.config.ts";

export default defineConfig({
  ...demo,
  limits: { requestsPerAddressPerSecond: 10_000, edgeMessagesPerSecond: 1_000, playsPerPlayerPerSecond: 1_000 },
});
