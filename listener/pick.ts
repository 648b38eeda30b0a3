/** Chooses the implementation: uWebSockets where it loads, else `ws`; or the one that was asked for. */
import type { Listen, Listening } from "./listener.ts";
import { createUwsListen } from "./uws.ts";
import { createWsListen } from "./ws.ts";

/** Rejects only where `prefer` is "uws" and it does not load; the error says why. */
export async function pickListen(prefer?: Listening["kind"]): Promise<Listen> {
  if (prefer === "ws") return createWsListen();
  try {
    return await createUwsListen();
  } catch (cause) {
    if (prefer !== "uws") return createWsListen();
    throw new Error(
      `uWebSockets.js does not load here (${process.platform} ${process.arch}, Node ${process.version})`,
      {
        cause,
      },
    );
  }
}
