import { ArenaRoom } from "./room/arena.ts";
import { DuelRoom, SquadsRoom } from "./room/match.ts";

export const rooms = { arena: ArenaRoom, duel: DuelRoom, squads: SquadsRoom };
