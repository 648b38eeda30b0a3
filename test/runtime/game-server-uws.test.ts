import { describe } from "vitest";
import { createUwsListen } from "../../listener/uws.ts";
import { gameServerContract } from "../contract/game-server.ts";

const loaded = await createUwsListen().catch((error: Error) => error);
// Where there is no binary (Node 24, say) the product runs on ws; in CI it must be there.
const skip = loaded instanceof Error && !process.env.CI;

describe.skipIf(skip)(`the game server on uWebSockets${skip ? ` (does not load: ${loaded.message})` : ""}`, () => {
  if (loaded instanceof Error) throw loaded;
  gameServerContract(loaded);
});
