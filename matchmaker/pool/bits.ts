/** Bitmaps in 32-bit words: the next set bit in either direction, without walking over empty places. */

const NONE = -1;

/** The first set bit from `from` on and below `end`; -1: none. */
export function nextBit(bits: Int32Array, from: number, end: number): number {
  if (from >= end) return NONE;
  let word = from >> 5;
  let rest = bits[word]! & (-1 << (from & 31));
  const last = (end - 1) >> 5;
  while (rest === 0) {
    if (++word > last) return NONE;
    rest = bits[word]!;
  }
  const at = (word << 5) + 31 - Math.clz32(rest & -rest);
  return at < end ? at : NONE;
}

/** The last set bit up to `from` and not below `first`; -1: none. */
export function previousBit(bits: Int32Array, from: number, first: number): number {
  if (from < first) return NONE;
  let word = from >> 5;
  let rest = bits[word]! & (-1 >>> (31 - (from & 31)));
  const last = first >> 5;
  while (rest === 0) {
    if (--word < last) return NONE;
    rest = bits[word]!;
  }
  const at = (word << 5) + 31 - Math.clz32(rest);
  return at >= first ? at : NONE;
}
