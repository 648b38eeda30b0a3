/**
 * Looks over msgpack before it is decoded (https://github.com/msgpack/msgpack/blob/master/spec.md), allocating nothing that the
 * sender chooses. The decoder makes room for what a header claims before it has seen it, and has no limit of depth: 8 kB of
 * nested headers that claim 4,096 values each cost it 100 MB and 0.6 s, and 400 kB the process.
 */

/**
 * What follows a type from 0xc0 to 0xdb: 0 and more: so many bytes of payload; below 0: a length of so many bytes, then the
 * payload. NaN: none of our messages has such a type (bytes, extensions, the unused one).
 */
const NEVER = Number.NaN;
const PAYLOADS: readonly number[] = [
  ...[0, NEVER, 0, 0], // nil, unused, false, true
  ...[NEVER, NEVER, NEVER, NEVER, NEVER, NEVER],
  ...[4, 8, 1, 2, 4, 8, 1, 2, 4, 8], // floats, whole numbers
  ...[NEVER, NEVER, NEVER, NEVER, NEVER],
  ...[-1, -2, -4], // text
];
const ARRAY_16 = 0xdc;
const MAP_16 = 0xde;
const NO_LIST = -1;

export type MsgpackShape = "good" | "broken" | "deep";

/** Whether `bytes` are one complete value, nested at most `depthMax` deep. */
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
    let values = NO_LIST;
    if (head < 0x80 || head >= 0xe0) payload = 0;
    else if (head < 0x90) values = 2 * (head & 0x0f);
    else if (head < 0xa0) values = head & 0x0f;
    else if (head < 0xc0) payload = head & 0x1f;
    else if (head < ARRAY_16) {
      payload = PAYLOADS[head - 0xc0]!;
      if (payload < 0) payload = length(-payload);
    } else if (head < MAP_16) values = length(2 << (head - ARRAY_16));
    else values = 2 * length(2 << (head - MAP_16));

    if (values === NO_LIST) at += payload;
    // Each value has at least one byte.
    if (!(Math.max(0, values) <= bytes.length - at)) return "broken";
    if (values !== NO_LIST) {
      if (wanted.length === depthMax) return "deep";
      wanted.push(values);
    } else if (wanted.length > 0) wanted[wanted.length - 1]!--;
    while (wanted.at(-1) === 0) {
      wanted.pop();
      if (wanted.length > 0) wanted[wanted.length - 1]!--;
    }
  } while (wanted.length > 0);
  return at === bytes.length ? "good" : "broken";
}
