/** The oldest way: a Server of one's own, started at once. */
import { Server } from "colyseus";
import { MyRoom } from "./my-room.ts";

const gameServer = new Server();
gameServer.define("bare_room", MyRoom);
void gameServer.listen(Number(process.env.PORT));
