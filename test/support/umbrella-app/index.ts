/** The entry point of a template app: it starts itself as it is imported. */
import { listen } from "colyseus";
import app from "./app.config.ts";

listen(app);

export { default as server } from "./app.config.ts";
