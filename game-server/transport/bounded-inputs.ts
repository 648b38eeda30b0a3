/**
 * `InputDecoder.decodeAll` of @colyseus/schema 5.0 trusts the slot lengths of an input frame: a negative one makes it read the
 * same slot for ever. This loop reads the same frames and ends at anything else. The frame guard refuses such frames before;
 * this stands behind it, because one miss would stop every room of the process.
 */
import { decode } from "@colyseus/schema";
import { InputDecoder } from "@colyseus/schema/input";

interface DecoderInternals {
  readonly instance: unknown;
  readonly _decoder: { decode(bytes: Uint8Array): unknown };
}

/** As `decodeAll`: calls `onInput` for each slot, oldest first, and returns how many there were. Throws on a malformed frame. */
function decodeAllBounded(
  this: DecoderInternals,
  bytes: Uint8Array,
  onInput: (instance: unknown, sequence: number) => void,
): number {
  const it = { offset: 0 };
  const base = decode.number(bytes, it);
  let count = 0;
  while (it.offset < bytes.length) {
    const length = decode.number(bytes, it);
    const end = it.offset + length;
    if (!(length >= 0) || end > bytes.length) throw new RangeError("input slot length");
    this._decoder.decode(bytes.subarray(it.offset, end));
    onInput(this.instance, base + count++);
    it.offset = end;
  }
  return count;
}

/** Puts the bounded loop in place, for the whole process. */
export function boundInputDecoding(): void {
  InputDecoder.prototype.decodeAll = decodeAllBounded as typeof InputDecoder.prototype.decodeAll;
}
