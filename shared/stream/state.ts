/** The arithmetic that both ends must do alike: angles that wrap, and the sum that shows whether they show the same. */

/** Of the same direction modulo 2^bits, the nearest to zero: -128 to 127 for 8 bits. */
export const wrapped = (angle: number, bits: number): number => (angle << (32 - bits)) >> (32 - bits);

const FIRST = 0x2545f491;
const FACTOR = 0x9e3779b1;

export const mixed = (hash: number, value: number): number => {
  const product = Math.imul(hash ^ value, FACTOR);
  return product ^ (product >>> 15);
};

/** An entity's part of a checksum, before its fields; the parts are added modulo 2^32, so their order does not matter. */
export const entityHash = (id: number, kind: number, x: number, y: number, angle: number): number =>
  mixed(mixed(mixed(mixed(mixed(FIRST, id), kind), x), y), angle);
