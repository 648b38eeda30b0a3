import { describe } from "vitest";
import { createWsListen } from "../../listener/ws.ts";
import { gameServerContract } from "../contract/game-server.ts";

describe("the game server on ws", () => gameServerContract(createWsListen()));
