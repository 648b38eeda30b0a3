/** As templates wrote it before `defineServer` (`config()` of @colyseus/tools returns what it is given), and started at once. */
import { listen, type Server } from "colyseus";
import { MyRoom } from "./my-room.ts";

const app = {
  initializeGameServer: (gameServer: Server) => {
    gameServer.define("older_room", MyRoom);
  },
  initializeExpress: () => {},
  beforeListen: () => {},
};

void listen(app as never);

export default app;
