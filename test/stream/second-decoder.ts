/**
 * A decoder written from `docs/reference/stream-format.md` alone: slow, simple, and without a line of ours, so that what the page says and
 * what the code does cannot drift apart. It throws on whatever the page calls malformed.
 */

interface PlainField {
  type: string;
  min?: number;
  max?: number;
  values?: readonly unknown[];
}
interface PlainDefinition {
  area: { width: number; height: number };
  cell: number;
  step: number;
  entitiesMax: number;
  kinds: Readonly<Record<string, { angle?: number; fields?: Readonly<Record<string, PlainField>> }>>;
  events: Readonly<Record<string, { fields?: Readonly<Record<string, PlainField>> }>>;
}
export interface PlainSlot {
  id: number;
  kind: number;
  x: number;
  y: number;
  vx: number;
  vy: number;
  angle: number;
  spin: number;
  fields: number[];
}
export interface PlainCell {
  rate: number;
  awake: number;
  slots: PlainSlot[];
}

const bits = (n: number) => (n <= 1 ? 0 : (n - 1).toString(2).length);
const sizeOf = (field: PlainField) => (field.type === "int" ? field.max! - field.min! + 1 : field.values!.length);

export function createSecondDecoder(definition: PlainDefinition) {
  const { area, step, entitiesMax } = definition;
  const [maxX, maxY] = [Math.round(area.width / step), Math.round(area.height / step)];
  const side = Math.max(1, Math.round(definition.cell / step));
  const columns = Math.floor(maxX / side) + 1;
  const cellCount = columns * (Math.floor(maxY / side) + 1);
  const margin = Math.floor(side / 8);
  const span = side + 2 * margin;
  const kinds = Object.entries(definition.kinds);
  const events = Object.entries(definition.events);
  const cells = new Map<number, PlainCell>();
  let tick = -1;

  let stream: number[] = [];
  let at = 0;
  const bit = () => {
    if (at >= stream.length) throw new Error("too short");
    return stream[at++]!;
  };
  const number = (count: number) => {
    let value = 0;
    for (let n = 0; n < count; n++) value += bit() * 2 ** n;
    return value;
  };
  const countOf = (order: number) => {
    let ones = 0;
    while (bit() === 1) ones += 1;
    if (ones > 20) throw new Error("a run of ones");
    return number(order + ones) + 2 ** (order + ones) - 2 ** order;
  };
  const signed = (order: number) => {
    const z = countOf(order);
    return z % 2 === 0 ? z / 2 : -(z + 1) / 2;
  };
  const varint = () => {
    let value = 0;
    for (let n = 0; ; n++) {
      const byte = number(8);
      value += (byte % 128) * 128 ** n;
      if (value >= 2 ** 32) throw new Error("a varint too large");
      if (byte < 128) return value;
    }
  };
  const must = (holds: boolean, what: string) => {
    if (!holds) throw new Error(what);
  };

  const left = (cell: number) => (cell % columns) * side - margin;
  const top = (cell: number) => Math.floor(cell / columns) * side - margin;
  const fieldsOf = (of: { fields?: Readonly<Record<string, PlainField>> }) => Object.entries(of.fields ?? {});
  const fieldValue = (field: PlainField) => {
    const value = number(bits(sizeOf(field)));
    must(value < sizeOf(field), "a value");
    return value;
  };
  const checkPlace = (cell: number, x: number, y: number) => {
    must(x >= left(cell) && x < left(cell) + span && y >= top(cell) && y < top(cell) + span, "a cell");
    must(x >= 0 && x <= maxX && y >= 0 && y <= maxY, "the area");
  };

  function record(cell: number, moves: boolean): PlainSlot {
    const index = number(bits(entitiesMax));
    must(index < entitiesMax, "an index");
    const id = index + number(8) * 2 ** 20;
    const kind = number(bits(kinds.length));
    must(kind < kinds.length, "a kind");
    const x = left(cell) + number(bits(span));
    const y = top(cell) + number(bits(span));
    checkPlace(cell, x, y);
    const [vx, vy] = moves ? [signed(4), signed(4)] : [0, 0];
    const what = kinds[kind]![1];
    const angle = number(what.angle ?? 0);
    const spin = moves && what.angle ? signed(1) : 0;
    const fields = fieldsOf(what).map(([, field]) => fieldValue(field));
    return { id, kind, x, y, vx, vy, angle, spin, fields };
  }

  function keyframe(cell: number): void {
    const rate = number(2);
    must(rate < 3, "a rate");
    const count = countOf(4);
    const awake = number(bits(count + 1));
    must(awake <= count, "awake");
    const slots = Array.from({ length: count }, (_, n) => record(cell, n < awake));
    cells.set(cell, { rate: [1, 2, 4][rate]!, awake, slots });
  }

  function structure(cell: number, held: PlainCell): number {
    const { slots } = held;
    while (bit()) {
      let place = number(bits(slots.length));
      must(place < slots.length, "a leave");
      if (bit()) must(number(bits(cellCount)) < cellCount, "where it went");
      if (place < held.awake) {
        held.awake -= 1;
        slots[place] = slots[held.awake]!;
        place = held.awake;
      }
      const last = slots.pop()!;
      if (place < slots.length) slots[place] = last;
    }
    while (bit()) {
      const place = number(bits(slots.length - held.awake));
      must(place < slots.length - held.awake, "a waking");
      const [a, b] = [slots[held.awake]!, slots[held.awake + place]!];
      [slots[held.awake], slots[held.awake + place]] = [b, a];
      held.awake += 1;
    }
    let entered = 0;
    while (bit()) {
      const slot = record(cell, true);
      if (held.awake < slots.length) slots.push(slots[held.awake]!);
      slots[held.awake] = slot;
      held.awake += 1;
      entered += 1;
    }
    return entered;
  }

  function delta(cell: number, held: PlainCell): void {
    const entered = bit() ? structure(cell, held) : 0;
    const n = held.awake - entered;
    if (n === 0) return;
    const isMarked = bit() === 1;
    const order = number(4);
    const angleOrder = kinds.some(([, { angle }]) => angle) ? number(4) : 0;
    const resting: number[] = [];
    for (let place = 0; place < n; place++) {
      const slot = held.slots[place]!;
      const hasMark = isMarked && bit() === 1;
      if (hasMark && bit() === 1) {
        slot.vx = slot.vy = slot.spin = 0;
        resting.unshift(place);
        continue;
      }
      const [vx, vy] = [slot.vx + signed(order), slot.vy + signed(order)];
      Object.assign(slot, { x: slot.x + vx, y: slot.y + vy, vx, vy });
      checkPlace(cell, slot.x, slot.y);
      const what = kinds[slot.kind]![1];
      if (what.angle) {
        const turns = 2 ** what.angle;
        const spin = (((slot.spin + signed(angleOrder)) % turns) + turns) % turns;
        slot.spin = spin >= turns / 2 ? spin - turns : spin;
        slot.angle = (slot.angle + slot.spin + turns) % turns;
      }
      if (!hasMark) continue;
      const fields = fieldsOf(what);
      const mask = fields.map(() => bit());
      must(mask.includes(1), "a change of nothing");
      fields.forEach(([, field], f) => {
        if (mask[f]) slot.fields[f] = fieldValue(field);
      });
    }
    for (const place of resting) {
      held.awake -= 1;
      const [a, b] = [held.slots[place]!, held.slots[held.awake]!];
      [held.slots[place], held.slots[held.awake]] = [b, a];
    }
  }

  function happenings(cell: number): string[] {
    const seen: string[] = [];
    do {
      const event = number(bits(events.length));
      must(event < events.length, "an event");
      const age = number(2);
      const x = left(cell) + margin + number(bits(side));
      const y = top(cell) + margin + number(bits(side));
      must(x <= maxX && y <= maxY, "the area");
      const fields = fieldsOf(events[event]![1]).map(([, field]) => fieldValue(field));
      seen.push(`${event} ${tick - age} ${x} ${y} ${fields}`);
    } while (bit());
    return seen;
  }

  function checksum(): number {
    let sum = 0n;
    for (const { slots } of cells.values()) {
      for (const { id, kind, x, y, angle, fields } of slots) {
        let h = 0x2545f491n;
        for (const value of [id, kind, x, y, angle, ...fields]) {
          h = ((h ^ BigInt(value)) * 0x9e3779b1n) % 2n ** 32n;
          h ^= h >> 15n;
        }
        sum += h;
      }
    }
    return Number(sum % 2n ** 32n);
  }

  function fingerprint(): number {
    const field = ([name, { min, max, values, type }]: [string, PlainField]) =>
      `${name}:${type === "int" ? `${min}..${max}` : values!.map(String).join("|")}`;
    const shape = ([name, of]: [string, { angle?: number; fields?: Readonly<Record<string, PlainField>> }]) =>
      `${name}:${of.angle ?? 0}(${fieldsOf(of).map(field).join(",")})`;
    const text = ["1", maxX, maxY, side, entitiesMax, ...kinds.map(shape), "/", ...events.map(shape)].join(" ");
    let hash = 0x811c9dc5n;
    for (const byte of Buffer.from(text, "utf8")) hash = ((hash ^ BigInt(byte)) * 0x01000193n) % 2n ** 32n;
    return Number(hash);
  }

  /** Reads one frame; the events in it, as texts. */
  function read(bytes: Uint8Array): string[] {
    stream = [...bytes].flatMap((byte) => Array.from({ length: 8 }, (_, n) => (byte >> n) & 1));
    at = 0;
    const seen: string[] = [];
    const flags = number(4);
    must(number(4) === 1 && flags < 8, "the version");
    if (flags & 1) {
      must(number(32) === fingerprint(), "the fingerprint");
      cells.clear();
      tick = -1;
    }
    const now = varint();
    must(now > tick, "the tick");
    tick = now;
    const told = flags & 2 ? number(32) : undefined;
    while (at < stream.length) {
      const head = varint();
      const cell = Math.floor(head / 4);
      must(cell < cellCount, "a cell");
      const held = cells.get(cell);
      must(held !== undefined || head % 4 === 1, "a cell that is not held");
      if (head % 4 === 0) delta(cell, held!);
      else if (head % 4 === 1) keyframe(cell);
      else if (head % 4 === 2) cells.delete(cell);
      else seen.push(...happenings(cell));
      while (at % 8 !== 0) must(bit() === 0, "filled up with zeros");
    }
    must(told === undefined || told === checksum(), "the checksum");
    return seen;
  }

  return { read, cells };
}
