/** The stream as a room uses it, and its clients' views. */
import { createStreamView, type StreamView } from "@frontrow/client/stream.ts";
import { createStream } from "@frontrow/game-server/stream/stream.ts";
import { defineStream, int } from "@frontrow/shared/stream/define.ts";
import type { Swarm } from "./motion.ts";

/** An eighth of a pixel: 16 bits over 8,192 pixels, which is what the peer's fields have. */
export const STEP = 1 / 8;
/** Cells of a third of a view; what is nearer than `near` is seen at every tick. */
const CELL = 860;
const NEAR = 740;

const define = (side: number) =>
  defineStream({
    area: { width: side, height: side },
    cell: CELL,
    step: STEP,
    kinds: { ship: { angle: 8, fields: { hp: int(0, 100) } } },
  });
type Definition = ReturnType<typeof define>;
export type View = StreamView<Definition["kinds"], Definition["events"]>;

export interface Ours {
  /** In the swarm's order. */
  readonly ids: readonly number[];
  readonly views: readonly View[];
  /** This tick's frames, copies. */
  readonly frames: readonly (Uint8Array | undefined)[];
  readonly bytes: number;
  set(): void;
  look(): void;
  encode(): void;
  send(): void;
  read(): void;
}

export function createOurs(swarm: Swarm, side: number, clients: number): Ours {
  const definition = define(side);
  const stream = createStream(definition);
  const ids = Array.from(swarm.x, (x, at) => stream.spawn("ship", { x, y: swarm.y[at]!, hp: swarm.hp[at]! }));
  const viewers = Array.from({ length: clients }, () => stream.viewer({ near: NEAR }));
  const views = viewers.map(() => createStreamView(definition));
  const buffers = viewers.map(() => new Uint8Array(1_024));
  const frames: (Uint8Array | undefined)[] = [];
  let [tick, bytes] = [0, 0];
  return {
    ids,
    views,
    frames,
    get bytes() {
      return bytes;
    },
    set() {
      for (let at = 0; at < ids.length; at++) {
        stream.move(ids[at]!, swarm.x[at]!, swarm.y[at]!, swarm.angle[at]!);
        stream.set(ids[at]!, "hp", swarm.hp[at]!);
      }
    },
    /** Each client follows one of the entities. */
    look() {
      for (let at = 0; at < clients; at++) viewers[at]!.look(swarm.x[at]!, swarm.y[at]!);
    },
    encode: () => stream.encode(++tick),
    send() {
      for (let at = 0; at < clients; at++) {
        frames[at] = viewers[at]!.frame(buffers[at]!);
        bytes += frames[at]?.length ?? 0;
      }
    },
    read() {
      for (let at = 0; at < clients; at++) {
        const read = frames[at] ? views[at]!.read(frames[at]!) : undefined;
        if (read?.ok === false) throw new Error(read.why);
      }
    },
  };
}
