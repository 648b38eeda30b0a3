import { describe } from "vitest";
import { createWsListen } from "../../listener/ws.ts";
import { listenerContract } from "../contract/listener.ts";

describe("the listener on node:http and ws", () => {
  listenerContract({ kind: "ws", listen: createWsListen(), slowHeadMs: 3_000, muteMs: 2_000, refusesUnmasked: true });
});
