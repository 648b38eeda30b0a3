/** As templates wrote it before `defineServer`, and started at once. */
import config, { listen } from "@colyseus/tools";
import { MyRoom } from "./my-room.ts";

const app = config({
  initializeGameServer: (gameServer) => {
    gameServer.define("older_room", MyRoom);
  },
  initializeExpress: () => {},
  beforeListen: () => {},
});

void listen(app);

export default app;
