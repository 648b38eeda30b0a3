import { describe } from "vitest";
import { createUwsListen } from "../../listener/uws.ts";
import { listenerContract } from "../contract/listener.ts";

const loaded = await createUwsListen().catch((error: Error) => error);
// Where there is no binary (Node 24, say) the product runs on ws; in CI it must be there.
const skip = loaded instanceof Error && !process.env.CI;

describe.skipIf(skip)(`the listener on uWebSockets${skip ? ` (does not load: ${loaded.message})` : ""}`, () => {
  if (loaded instanceof Error) throw loaded;
  // Heads have uWebSockets' own 10 s, checked every 4 s; a mute peer's half-closed connection its 4 s.
  listenerContract({ kind: "uws", listen: loaded, slowHeadMs: 15_000, muteMs: 4_000, refusesUnmasked: false });
});
