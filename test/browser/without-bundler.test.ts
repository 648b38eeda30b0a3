/** The SDK on a page that nobody bundled: as a module and as a script, from files, against `frontrow dev`. */

import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildForPages } from "../../cli/sdk/build.ts";
import { chromiumMissing, complaintsOf, launchChromium } from "../support/chromium.ts";
import { type FrontrowProcess, startFrontrow } from "../support/frontrow.ts";

const missing = chromiumMissing();

/** Plays and counts what the swarm shows. */
const play = (url: string) => `
  const client = createClient({ url: ${JSON.stringify(url)} });
  const played = await client.play("arena");
  if (!played.ok) throw new Error(played.message);
  const swarm = followStream(played.room, defineStream({
    area: { width: 1600, height: 1000 }, cell: 200, step: 1 / 8, entitiesMax: 1024,
    kinds: { drone: { angle: 8, fields: { look: int(0, 5) } } },
    events: { burst: { fields: { look: int(0, 5) } } },
  }), { tickHz: 20 });
  setInterval(() => {
    swarm.advance();
    document.title = String([...swarm.shown()].length);
  }, 50);
`;
const NAMES = "createClient, followStream, defineStream, int";

describe.skipIf(missing)(`a page without a bundler${missing ? `: ${missing}` : ""}`, () => {
  const folder = mkdtempSync(join(tmpdir(), "frontrow-sdk-"));
  let [browser, dev, pages]: [Browser?, FrontrowProcess?, Server?] = [];
  let origin = "";
  beforeAll(async () => {
    [browser, dev] = await Promise.all([launchChromium(), startFrontrow("dev"), buildForPages(folder)]);
    const html: Record<string, string> = {
      "/module": `<script type="module">import { ${NAMES} } from "/frontrow.js"; ${play(dev.url)}</script>`,
      "/script": `<script src="/frontrow.iife.js"></script>
        <script>(async () => { const { ${NAMES} } = Frontrow; ${play(dev.url)} })();</script>`,
    };
    pages = createServer(({ url = "" }, reply) => {
      const type = url.endsWith(".js") ? "text/javascript" : "text/html";
      const body = html[url] ?? (/^\/[\w.]+\.js$/.test(url) ? readFileSync(join(folder, url)) : "");
      reply.writeHead(body === "" ? 204 : 200, { "content-type": type }).end(body);
    }).listen(0, "127.0.0.1");
    await once(pages, "listening");
    origin = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`;
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await dev?.end("SIGKILL");
    pages?.close();
    rmSync(folder, { recursive: true });
  });

  it.each(["module", "script"])("[CL12] plays and sees the stream, loaded as a %s", async (as) => {
    const page = await browser!.newPage();
    const complaints = complaintsOf(page);
    await page.goto(`${origin}/${as}`);
    await page.waitForFunction(() => Number(document.title) > 30, undefined, { timeout: 15_000 });
    expect(complaints).toEqual([]);
    await page.close();
  });
});
