/**
 * The transports that Colyseus ships. The one for uWebSockets.js imports a default, which the package that we have instead of the
 * author's does not export: it is given one.
 */
import { registerHooks } from "node:module";
import type { Transport } from "@colyseus/core";

export type Kind = "ws" | "uws";

export async function stockTransport(kind: Kind): Promise<Transport> {
  if (kind === "ws") return new (await import("@colyseus/ws-transport")).WebSocketTransport();
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === "uWebSockets.js" && context.parentURL?.includes("/uwebsockets-transport/")
        ? next(new URL("./uws-default.ts", import.meta.url).href, context)
        : next(specifier, context),
  });
  // It looks for an optional package and leaves the rejection lying.
  process.on("unhandledRejection", () => {});
  return new (await import("@colyseus/uwebsockets-transport")).uWebSocketsTransport();
}
