/** Puts frames together, one at a time, in the caller's bytes or, where they are too few, in larger ones. */
export class FrameWriter {
  bytes: Uint8Array = new Uint8Array(0);
  end = 0;

  open(bytes: Uint8Array, at: number): void {
    this.bytes = bytes;
    this.end = at;
  }

  room(bytes: number): void {
    if (this.end + bytes <= this.bytes.length) return;
    const larger = new Uint8Array(2 * (this.end + bytes));
    larger.set(this.bytes.subarray(0, this.end));
    this.bytes = larger;
  }

  /** Slices are short: a loop is faster than `set`, which needs a view of them. */
  copy(from: Uint8Array, begin: number, stop: number): void {
    this.room(stop - begin);
    const into = this.bytes;
    let end = this.end;
    for (let at = begin; at < stop; at++) into[end++] = from[at]!;
    this.end = end;
  }

  put(bytes: Uint8Array): void {
    this.copy(bytes, 0, bytes.length);
  }

  byte(value: number): void {
    this.bytes[this.end++] = value;
  }

  varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest & 0x7f) | 0x80);
      rest = Math.floor(rest / 128);
    }
    this.byte(rest);
  }

  uint32(value: number): void {
    for (let shift = 0; shift < 32; shift += 8) this.byte(value >>> shift);
  }
}
