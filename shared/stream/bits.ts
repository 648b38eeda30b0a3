/**
 * Bits, lowest first, in a growing buffer, and the way back. Whole numbers of unknown size go in an exponential Golomb code: `order` is
 * how many bits a usual value has; a value of n bits more costs 2n bits more. A reader never reads beyond its bytes: it notes `over`
 * and gives zeros, so that loops of the decoder end by their own counts.
 *
 * Classes, unlike elsewhere: their methods are what the per-tick path consists of, and V8 inlines them.
 */

/** Bits that tell `values` values apart. */
export const bitsFor = (values: number): number => (values <= 1 ? 0 : 32 - Math.clz32(values - 1));

/** Small numbers of either sign as small ones without: 0, -1, 1, -2 become 0, 1, 2, 3. */
export const zigzag = (value: number): number => (value << 1) ^ (value >> 31);
export const unzigzag = (value: number): number => (value >>> 1) ^ -(value & 1);

/** An order of 15 and a value of 20 bits are the most that anything needs; a longer run of ones is no code. */
const PREFIX_MAX = 20;

/** Values below this have their codes in a table. */
const TABLE = 64;
const ORDERS = 16;
/** A packed code has its bits low and how many there are above these; longer ones are not packed. */
export const CODE_BITS = 24;
export const CODE_MASK = (1 << CODE_BITS) - 1;

/** Short codes, packed, by order and value. */
const codes = Int32Array.from({ length: ORDERS * TABLE }, (_, at) => packed(at % TABLE, Math.floor(at / TABLE)));

function packed(value: number, order: number): number {
  const shifted = value + (1 << order);
  const low = 31 - Math.clz32(shifted);
  const ones = low - order;
  const length = ones + 1 + low;
  if (length > CODE_BITS) return -1;
  return (length << CODE_BITS) | ((shifted - (1 << low)) << (ones + 1)) | ((1 << ones) - 1);
}

/** A count's code, packed; -1 where it is too long for that. */
export const codeOf = (value: number, order: number): number =>
  value < TABLE ? codes[order * TABLE + value]! : packed(value, order);

export class BitWriter {
  bytes: Uint8Array;
  at = 0;
  #held = 0;
  #count = 0;

  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity);
  }

  /** Makes sure of so many bytes from here on. */
  room(bytes: number): void {
    if (this.at + bytes <= this.bytes.length) return;
    const larger = new Uint8Array(2 * this.bytes.length + bytes);
    larger.set(this.bytes);
    this.bytes = larger;
  }

  /** At most 24 bits. */
  write(value: number, bits: number): void {
    let held = this.#held | (value << this.#count);
    let count = this.#count + bits;
    while (count >= 8) {
      this.bytes[this.at++] = held;
      held >>>= 8;
      count -= 8;
    }
    this.#held = held;
    this.#count = count;
  }

  /** A whole number from 0 on; `order` from 0 to 15. */
  writeCount(value: number, order: number): void {
    const code = codeOf(value, order);
    if (code >= 0) {
      this.write(code & CODE_MASK, code >> CODE_BITS);
      return;
    }
    const shifted = value + (1 << order);
    const low = 31 - Math.clz32(shifted);
    this.write((1 << (low - order)) - 1, low - order + 1);
    this.write(shifted - (1 << low), low);
  }

  /** Seven bits a byte, lowest first, on a byte's border. */
  writeVarint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.bytes[this.at++] = (rest & 0x7f) | 0x80;
      rest = Math.floor(rest / 128);
    }
    this.bytes[this.at++] = rest;
  }

  /** Zeros up to the next byte's border. */
  align(): void {
    if (this.#count > 0) this.bytes[this.at++] = this.#held;
    this.#held = 0;
    this.#count = 0;
  }

  /** Back to a byte's border where nothing of what follows was written. */
  rewind(at: number): void {
    this.at = at;
    this.#held = 0;
    this.#count = 0;
  }
}

export class BitReader {
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #held = 0;
  #count = 0;
  /** Something was read that is not there, or that is no code. */
  over = false;

  open(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#at = 0;
    this.#held = 0;
    this.#count = 0;
    this.over = false;
  }

  /** On a byte's border: nothing is left. */
  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** At most 24 bits. */
  read(bits: number): number {
    while (this.#count < bits) {
      if (this.#at >= this.#bytes.length) {
        this.over = true;
        return 0;
      }
      this.#held |= this.#bytes[this.#at++]! << this.#count;
      this.#count += 8;
    }
    const value = this.#held & ((1 << bits) - 1);
    this.#held >>>= bits;
    this.#count -= bits;
    return value;
  }

  readCount(order: number): number {
    let ones = 0;
    while (this.read(1) === 1) {
      ones += 1;
      if (ones > PREFIX_MAX) {
        this.over = true;
        return 0;
      }
    }
    const low = order + ones;
    if (low > 24) {
      this.over = true;
      return 0;
    }
    return this.read(low) + (1 << low) - (1 << order);
  }

  /** A varint of at most 32 bits. */
  readVarint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.read(8);
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) {
        if (value >= 2 ** 32) this.over = true;
        return value;
      }
    }
    this.over = true;
    return 0;
  }

  readUint32(): number {
    const low = this.read(16);
    return low + this.read(16) * 65_536;
  }

  /** To the next byte's border; what is skipped must be zeros. */
  align(): void {
    if (this.#held !== 0) this.over = true;
    this.#held = 0;
    this.#count = 0;
  }
}
