/** One server, ours or the bare one, with its clients: as many as are asked for, measured over a window of time. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Ground } from "../seat/ground.ts";
import type { BareAnswers } from "./bare.ts";
import type { Compared } from "./compare.ts";
import type { Window } from "./meter.ts";
import type { ServerAnswers } from "./server.ts";
import type { SinkAnswers, SinkWindow } from "./sink.ts";
import { type Peer, startPeer } from "./talk.ts";
import { NEAR, TICK_MS } from "./world.ts";

export interface Measured {
  readonly clients: number;
  readonly server: Window;
  readonly sink: SinkWindow;
}

export interface Field {
  /** Exactly so many clients; new ones first get everything. */
  clients(count: number): Promise<void>;
  inputs(are: boolean): Promise<void>;
  measure(ms: number): Promise<Measured>;
}

/** Joins that one question asks for: their seats are used within the ten seconds that they are good for. */
const SEATS_AT_ONCE = 250;
/** After joins, until everybody holds what it sees and the collector is done with what joining took. */
const SETTLE_MS = 1_000;

export interface Ours extends Field {
  /** What the decoding clients show, against the server's world at one tick. */
  check(): Promise<Compared>;
  /** Sizes of the last frames. */
  sizes(): Promise<Int32Array>;
}

function createField(
  sink: Peer<SinkAnswers>,
  server: Pick<Peer<BareAnswers>, "ask">,
  join: (from: number, count: number) => Promise<void>,
): Field {
  let [open, joinedEver] = [0, 0];
  return {
    async clients(count) {
      if (count < open) await sink.ask("keep", count);
      open = Math.min(open, count);
      while (open < count) {
        const more = Math.min(SEATS_AT_ONCE, count - open);
        await join(joinedEver, more);
        open += more;
        joinedEver += more;
      }
      await sleep(SETTLE_MS);
    },
    inputs: (are) => sink.ask("inputs", are),
    async measure(ms) {
      await server.ask("begin", undefined as never);
      await sink.ask("begin", undefined as never);
      await sleep(ms);
      const window = await server.ask("end", undefined as never);
      // The last tick's frames are still on their way.
      await sleep(TICK_MS);
      const heard = await sink.ask("end", window.began);
      return { clients: open, server: window, sink: heard };
    },
  };
}

export async function startOurs(ground: Ground): Promise<Ours> {
  const server = await startPeer<ServerAnswers>("./server.ts", [`${NEAR}`, "0"], 1, ground);
  const sink = await startPeer<SinkAnswers>("./sink.ts", [], 0, ground);
  ground.spread(true);
  const port = await server.ask("port", undefined as never);
  const field = createField(sink, server as never, async (from, count) => {
    const seats = await server.ask("seats", { from, count });
    const paths = seats.map(({ token, roomId, sessionId }) => `/${token}/${roomId}?sessionId=${sessionId}`);
    await sink.ask("open", { port, paths, decodes: true });
  });
  return {
    ...field,
    async check() {
      await sink.ask("capture", undefined as never);
      const truth = await server.ask("truth", undefined as never);
      await sleep(4 * TICK_MS);
      return sink.ask("compare", truth);
    },
    sizes: () => sink.ask("sizes", undefined as never),
  };
}

export async function startBare(sizes: Int32Array, ground: Ground): Promise<Field> {
  const server = await startPeer<BareAnswers>("./bare.ts", [], 1, ground);
  const sink = await startPeer<SinkAnswers>("./sink.ts", [], 0, ground);
  ground.spread(true);
  await server.ask("sizes", sizes);
  const port = await server.ask("port", undefined as never);
  return createField(sink, server, (_from, count) =>
    sink.ask("open", { port, paths: Array.from({ length: count }, () => "/"), decodes: false }),
  );
}
