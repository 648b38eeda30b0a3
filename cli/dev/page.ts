/** The page at `/`: the demo where the demo's modes run, else a few lines that say what does. */
import type { HttpRoute } from "@frontrow/listener/listener.ts";
import { bundleArenaPage } from "../arena/page/bundle.ts";

const security = { "x-content-type-options": "nosniff", "referrer-policy": "no-referrer" };

export async function demoPage(): Promise<HttpRoute[]> {
  const files = await bundleArenaPage();
  return [...files].map(([path, { type, body }]) => ({
    method: "GET",
    path,
    handle: () => ({ status: 200, headers: { "content-type": type, "cache-control": "no-cache", ...security }, body }),
  }));
}

export function plainPage(modes: readonly string[]): HttpRoute[] {
  const body = `Frontrow is running. Modes: ${modes.join(", ")}.\nPlay with createClient({ url }) of @frontrow/client, or any Colyseus SDK.\n`;
  return [
    {
      method: "GET",
      path: "/",
      handle: () => ({ status: 200, headers: { "content-type": "text/plain; charset=utf-8", ...security }, body }),
    },
  ];
}
