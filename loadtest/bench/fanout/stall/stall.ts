/**
 * A spectator of two fifths of the world stops reading for twelve seconds under full motion, then reads again. What it shows some seconds
 * later is held against the server's world at the same tick. Ours is told to stop, closed and let in again; stock Colyseus goes on
 * sending, and what its transport does with bytes that nobody takes decides.
 *
 * Two fifths, because the kernel takes megabytes for a reader that has stopped: with a hundred things a stock client only falls behind.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Ground } from "../../seat/ground.ts";
import type { Compared } from "../compare.ts";
import type { ServerAnswers } from "../server.ts";
import { type Peer, startPeer } from "../talk.ts";
import { TICK_MS } from "../world.ts";
import type { ClientAnswers } from "./client.ts";
import type { StockAnswers } from "./stock.ts";
import type { Kind } from "./stock-transport.ts";

const NEAR = 3_000;
/** The SDK connects again by itself only after five seconds of an open room. */
const BEFORE_MS = 6_000;
export const STALL_MS = 12_000;
export const AFTER_MS = 8_000;
const KEEP_PLACE_S = "30";
/** Until a frame of a tick has come, at the latest. */
const ON_ITS_WAY_MS = 1_000;

export interface Stalled {
  readonly before: Compared;
  readonly after: Compared;
}

type Watched = Pick<Peer<StockAnswers>, "ask">;

async function compareNow(client: Peer<ClientAnswers>, server: Watched): Promise<Compared> {
  await client.ask("capture", undefined as never);
  await sleep(2 * TICK_MS);
  const truth = await server.ask("truth", undefined as never);
  await sleep(ON_ITS_WAY_MS);
  return client.ask("compare", { truth, near: NEAR });
}

async function stall(client: Peer<ClientAnswers>, server: Watched): Promise<Stalled> {
  await sleep(BEFORE_MS);
  const before = await compareNow(client, server);
  await client.ask("stall", true);
  await sleep(STALL_MS);
  await client.ask("stall", false);
  await sleep(AFTER_MS);
  return { before, after: await compareNow(client, server) };
}

export async function stallOurs(ground: Ground): Promise<Stalled> {
  const server = await startPeer<ServerAnswers>("./server.ts", [`${NEAR}`, KEEP_PLACE_S], 1, ground);
  const client = await startPeer<ClientAnswers>("./stall/client.ts", [], 0, ground, "quiet");
  const port = await server.ask("port", undefined as never);
  const [seat] = await server.ask("seats", { from: 0, count: 1 });
  await client.ask("joinOurs", { port, seat: seat! });
  return stall(client, server as never);
}

export async function stallStock(kind: Kind, ground: Ground): Promise<Stalled> {
  const server = await startPeer<StockAnswers>("./stall/stock.ts", [`${NEAR}`, kind], 1, ground);
  const client = await startPeer<ClientAnswers>("./stall/client.ts", [], 0, ground, "quiet");
  await client.ask("joinStock", await server.ask("port", undefined as never));
  return stall(client, server);
}
