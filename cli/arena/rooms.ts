import { ArenaRoom } from "./room/arena.ts";

export const rooms = { arena: ArenaRoom };
