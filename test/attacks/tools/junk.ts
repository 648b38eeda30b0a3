/** Bytes that look like nothing, the same for the same seed (xorshift32: https://doi.org/10.18637/jss.v008.i14). */
export function seededBytes(seed: number, lengthMax = 300): Buffer {
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state = (state ^ (state << 5)) >>> 0;
    return state;
  };
  return Buffer.from(Array.from({ length: 1 + (next() % lengthMax) }, () => next() & 255));
}
