/**
 * Looks over msgpack before it is decoded (https://github.com/msgpack/msgpack/blob/master/spec.md), allocating nothing that the
 * sender chooses. The decoder makes room for what a header claims before it has seen it, and has no limit of depth: 8 kB of
 * nested headers that claim 4,096 values each cost it 100 MB and 0.6 s, and 400 kB the process.
 */

/** Payload bytes of the types 0xc0 to 0xdf that have no length of their own, or NONE. */
const NONE = -1;
const FIXED: readonly number[] = [
  ...[0, NONE, 0, 0], // nil, unused, false, true
  ...[NONE, NONE, NONE, NONE, NONE, NONE], // binary and extensions with a length
  ...[4, 8, 1, 2, 4, 8, 1, 2, 4, 8], // floats, whole numbers
  ...[NONE, NONE, NONE, NONE, NONE], // extensions of a fixed length
];
const STR_8 = 0xd9;
const ARRAY_16 = 0xdc;
const MAP_16 = 0xde;

export type MsgpackShape = "good" | "broken" | "deep";

/** Whether `bytes` are complete values, without binary or extensions, nested at most `depthMax` deep. */
export function msgpackShape(bytes: Uint8Array, depthMax: number): MsgpackShape {
  /** How many values each open list still wants, outermost first. */
  const wanted: number[] = [];
  let at = 0;
  const length = (size: number): number => {
    let value = 0;
    for (let i = 0; i < size; i++) value = value * 256 + (bytes[at++] ?? Number.NaN);
    return value;
  };
  do {
    const head = bytes[at++];
    if (head === undefined) return "broken";
    let payload = 0;
    let values = NONE;
    if (head < 0x80 || head >= 0xe0) payload = 0;
    else if (head < 0x90) values = 2 * (head & 0x0f);
    else if (head < 0xa0) values = head & 0x0f;
    else if (head < 0xc0) payload = head & 0x1f;
    else if (head < STR_8) payload = FIXED[head - 0xc0]!;
    else if (head < ARRAY_16) payload = length(1 << (head - STR_8));
    else if (head < MAP_16) values = length(2 << (head - ARRAY_16));
    else values = 2 * length(2 << (head - MAP_16));

    if (values === NONE) {
      if (!(payload >= 0)) return "broken";
      at += payload;
    } else {
      // Each value has at least one byte.
      if (!(values <= bytes.length - at)) return "broken";
      if (wanted.length === depthMax) return "deep";
      wanted.push(values);
    }
    if (at > bytes.length) return "broken";
    if (values === NONE && wanted.length > 0) wanted[wanted.length - 1]!--;
    while (wanted.length > 0 && wanted.at(-1) === 0) {
      wanted.pop();
      if (wanted.length > 0) wanted[wanted.length - 1]!--;
    }
  } while (wanted.length > 0);
  return "good";
}
