/**
 * The same with stock `@colyseus/schema`: a StateView for each client and quantized fields of the same fineness, encoded the way that
 * Colyseus' SchemaSerializer does it. What each client shall see is given to it for free.
 */
import { Decoder, Encoder, MapSchema, type SchemaType, StateView, schema, t } from "@colyseus/schema";
import type { Swarm } from "./motion.ts";
import { STEP } from "./ours.ts";

const POSITION = { min: 0, max: 65_535 * STEP, bits: 16 } as const;

const Ship = schema(
  { x: t.quantized(POSITION), y: t.quantized(POSITION), angle: t.angle({ bits: 8 }), hp: t.uint8() },
  "Ship",
);
const State = schema({ ships: t.map(Ship).view() }, "State");
type Ship = SchemaType<typeof Ship>;

export interface Peer {
  readonly bytes: number;
  set(): void;
  /** Who comes into a client's view, and who goes. */
  see(client: number, came: readonly number[], went: readonly number[]): void;
  encode(): void;
  read(): void;
  /** What a client that decodes shows: its ships by their place in the swarm. */
  shown(client: number): ReadonlyMap<string, Ship>;
}

/** The first `decoding` clients read what they get. */
export function createPeer(swarm: Swarm, clients: number, decoding: number): Peer {
  const state = new State();
  state.ships = new MapSchema<Ship>() as typeof state.ships;
  const ships = Array.from(swarm.x, (x, at) => {
    const ship = new Ship();
    ship.assign({ x, y: swarm.y[at]!, angle: 0, hp: swarm.hp[at]! });
    state.ships.set(`${at}`, ship);
    return ship;
  });
  Encoder.BUFFER_SIZE = 1_048_576;
  const encoder = new Encoder(state);
  const views = Array.from({ length: clients }, () => new StateView());
  const decoders = Array.from({ length: decoding }, () => new Decoder(new State()));
  const frames: Uint8Array[] = [];
  let bytes = 0;

  // As on joining: the whole state, in which nobody is in view yet.
  const it = { offset: 0 };
  encoder.encodeAll(it);
  const whole = views.map((view) => Uint8Array.from(encoder.encodeAllView(view, it.offset, { ...it })));
  encoder.discardChanges();
  decoders.forEach((decoder, at) => {
    decoder.decode(whole[at]!);
  });

  return {
    get bytes() {
      return bytes;
    },
    set() {
      for (let at = 0; at < ships.length; at++) {
        const ship = ships[at]!;
        ship.x = swarm.x[at]!;
        ship.y = swarm.y[at]!;
        ship.angle = swarm.angle[at]!;
        ship.hp = swarm.hp[at]!;
      }
    },
    see(client, came, went) {
      for (const at of went) views[client]!.remove(ships[at]!);
      for (const at of came) views[client]!.add(ships[at]!);
    },
    encode() {
      const it = { offset: 0 };
      encoder.encode(it);
      const shared = it.offset;
      for (let at = 0; at < clients; at++) {
        const frame = encoder.encodeView(views[at]!, shared, it);
        bytes += frame.length;
        if (at < decoding) frames[at] = Uint8Array.from(frame);
      }
      encoder.discardChanges();
    },
    read() {
      for (let at = 0; at < decoding; at++) decoders[at]!.decode(frames[at]!);
    },
    shown: (client) => decoders[client]!.state.ships as unknown as ReadonlyMap<string, Ship>,
  };
}
