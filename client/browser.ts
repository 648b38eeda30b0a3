/** What a page without a bundler gets: `npm run build` makes `dist/frontrow.js` (a module) and `dist/frontrow.iife.js` (`Frontrow.createClient`) of it. */
export { Predict } from "@colyseus/sdk";
export { defineStream } from "@frontrow/shared/stream/define.ts";
export { flag, int, oneOf } from "@frontrow/shared/stream/fields.ts";
export { createClient } from "./client.ts";
export { followStream } from "./stream/live.ts";
export { createStreamView } from "./stream.ts";
