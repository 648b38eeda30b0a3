/**
 * The client's side of a stream: give it the frames, and it has the entities in view, in the game's unit. Frames come in order, each once;
 * one that does not fit, or a checksum that does not match, makes `diverged` true: ask the server for a restart.
 *
 *   const view = createStreamView(arena);
 *   const read = view.read(bytes);
 *   for (const ship of view.entities.values()) draw(ship.x, ship.y, ship.angle);
 *
 * What is shown jumps from tick to tick; smoothing it is somebody else's.
 */
import { createDecoder, type Read, type ShownEntity } from "@frontrow/shared/stream/decode.ts";
import type { Events, Kinds, StreamDefinition } from "@frontrow/shared/stream/define.ts";
import { type FieldsOf, spoken, type ValuesOf } from "@frontrow/shared/stream/fields.ts";
import { type FieldLayout, type Layout, layoutOf } from "@frontrow/shared/stream/layout.ts";
import type { Slot } from "@frontrow/shared/stream/slots.ts";

/** One entity in view: the same object from its coming into view to its leaving. */
export type StreamEntity<K extends Kinds = Kinds> = {
  [N in keyof K & string]: {
    readonly id: number;
    readonly kind: N;
    readonly x: number;
    readonly y: number;
    /** Radians; 0 for a kind without. */
    readonly angle: number;
    /** Of the last step, per tick. */
    readonly vx: number;
    readonly vy: number;
    readonly fields: Readonly<ValuesOf<FieldsOf<K[N]>>>;
    /** As it travels: whole steps, raw fields. `rate`: its cell steps every so many ticks. */
    readonly quantized: Readonly<Omit<Slot, "shown">>;
  };
}[keyof K & string];

export type StreamEvent<E extends Events = Events> = {
  [N in keyof E & string]: {
    readonly event: N;
    /** When it happened: the frame's tick, or up to three before in a far cell. */
    readonly tick: number;
    readonly x: number;
    readonly y: number;
    readonly fields: Readonly<ValuesOf<FieldsOf<E[N]>>>;
  };
}[keyof E & string];

export interface StreamView<K extends Kinds, E extends Events> {
  /** Takes one frame. Never throws; where it is refused, so are all until a fresh one. */
  read(bytes: Uint8Array): Read;
  readonly entities: ReadonlyMap<number, StreamEntity<K>>;
  /** Of the last frame; -1 before the first. */
  readonly tick: number;
  /** What is shown may be wrong until the next fresh frame; true before the first. */
  readonly diverged: boolean;
  /** What the last frame did. `removed`: it is gone from the world, not only from view. */
  readonly entered: readonly StreamEntity<K>[];
  readonly left: readonly { readonly entity: StreamEntity<K>; readonly removed: boolean }[];
  /** Those of which a field changed. */
  readonly changed: readonly StreamEntity<K>[];
  readonly events: readonly StreamEvent<E>[];
}

const TURN = 2 * Math.PI;

function fieldsObject(fields: readonly FieldLayout[], raw: readonly number[]): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (let at = 0; at < fields.length; at++) values[fields[at]!.name] = spoken(fields[at]!.field, raw[at]!);
  return values;
}

class Shown implements ShownEntity {
  slot: Slot<Shown>;
  readonly slots: Slot<Shown>[] = [];
  readonly #layout: Layout;
  #fieldsOf: Slot<Shown> | undefined;
  #revision = -1;
  #fields: Record<string, unknown> = {};

  constructor(layout: Layout, slot: Slot<Shown>) {
    this.#layout = layout;
    this.slot = slot;
  }
  get id() {
    return this.slot.id;
  }
  get kind() {
    return this.#layout.kinds[this.slot.kind]!.name;
  }
  get x() {
    return this.slot.x * this.#layout.step;
  }
  get y() {
    return this.slot.y * this.#layout.step;
  }
  get angle() {
    const { angleBits } = this.#layout.kinds[this.slot.kind]!;
    return (this.slot.angle * TURN) / 2 ** angleBits;
  }
  get vx() {
    return (this.slot.vx * this.#layout.step) / this.slot.rate;
  }
  get vy() {
    return (this.slot.vy * this.#layout.step) / this.slot.rate;
  }
  get fields() {
    const { slot } = this;
    if (this.#fieldsOf !== slot || this.#revision !== slot.revision) {
      this.#fields = fieldsObject(this.#layout.kinds[slot.kind]!.fields, slot.fields);
      this.#fieldsOf = slot;
      this.#revision = slot.revision;
    }
    return this.#fields;
  }
  get quantized() {
    return this.slot;
  }
}

export function createStreamView<K extends Kinds, E extends Events>(
  definition: StreamDefinition<K, E>,
): StreamView<K, E> {
  const layout = layoutOf(definition);
  const decoder = createDecoder<Shown>(layout, (slot) => new Shown(layout, slot));
  let events: StreamEvent<E>[] = [];

  return {
    read(bytes) {
      const read = decoder.read(bytes);
      events = decoder.events.map(({ event, age, x, y, fields }) => {
        const what = layout.events[event]!;
        const where = { x: x * layout.step, y: y * layout.step };
        const values = fieldsObject(what.fields, fields);
        return { event: what.name, tick: decoder.tick - age, ...where, fields: values } as unknown as StreamEvent<E>;
      });
      return read;
    },
    entities: decoder.shown as unknown as ReadonlyMap<number, StreamEntity<K>>,
    entered: decoder.entered as unknown as readonly StreamEntity<K>[],
    left: decoder.left as unknown as StreamView<K, E>["left"],
    changed: decoder.changed as unknown as readonly StreamEntity<K>[],
    get tick() {
      return decoder.tick;
    },
    get diverged() {
      return decoder.diverged;
    },
    get events() {
      return events;
    },
  };
}
