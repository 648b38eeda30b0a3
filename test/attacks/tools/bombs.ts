/** Small bytes that claim to be much, or are nested deep. The names stand in test titles. */
const repeated = (header: readonly number[], bytes: number) =>
  Buffer.alloc(bytes - (bytes % header.length), Buffer.from(header));

/** msgpack of about `bytes`. */
export const msgpackBombs = (bytes: number): Record<string, Buffer> => ({
  "nested arrays of one": repeated([0x91], bytes),
  "nested arrays of 4,096": repeated([0xdc, 0x10, 0x00], bytes),
  "nested arrays of 1,048,576": repeated([0xdd, 0x00, 0x10, 0x00, 0x00], bytes),
  "nested arrays of 2^32-1": repeated([0xdd, 0xff, 0xff, 0xff, 0xff], bytes),
  "nested maps in their keys": repeated([0x81], bytes),
  "nested maps in their values": repeated([0x81, 0xa1, 0x61], bytes),
  "a map of 2^32-1": Buffer.from([0xdf, 0xff, 0xff, 0xff, 0xff]),
  "an array of 2^32-1": Buffer.from([0xdd, 0xff, 0xff, 0xff, 0xff]),
  "text of 2^32-1": Buffer.from([0xdb, 0xff, 0xff, 0xff, 0xff, 0x61]),
  "bytes of 2^32-1": Buffer.from([0xc6, 0xff, 0xff, 0xff, 0xff, 0x00]),
  "an extension of 2^32-1": Buffer.from([0xc9, 0xff, 0xff, 0xff, 0xff, 0x01]),
  "many small extensions": repeated([0xd4, 0x72, 0x40], bytes),
  "pointers to themselves": repeated([0xd6, 0x69, 0x00, 0x00, 0x00, 0x01], bytes),
  "a regular expression": Buffer.from([0xc7, 0x08, 0x78, 0x92, 0xa5, 0x28, 0x61, 0x2b, 0x29, 0x2b, 0xa0]),
  "a timestamp": Buffer.from([0xd6, 0xff, 0x00, 0x00, 0x00, 0x00]),
  bytes: Buffer.from([0xc4, 0x02, 0x00, 0x00]),
  "a type that does not exist": Buffer.from([0xc1]),
  nothing: Buffer.alloc(0),
  "two values": Buffer.from([0xc0, 0xc0]),
});

/** JSON of about `bytes`. */
export const jsonBombs = (bytes: number): Record<string, string> => ({
  "nested arrays": "[".repeat(bytes / 2) + "]".repeat(bytes / 2),
  "unclosed arrays": "[".repeat(bytes),
  "nested objects": `${'{"a":'.repeat(bytes / 6)}1${"}".repeat(bytes / 6)}`,
  "a huge key": `{"${"k".repeat(bytes - 8)}":1}`,
  "a huge number": `1${"0".repeat(bytes - 1)}`,
  "many keys": `{${Array.from({ length: bytes / 10 }, (_, at) => `"${at}":0`).join()}}`,
  "an own prototype": '{"__proto__":{"t":"hello","v":1}}',
  nothing: "",
  NUL: "\0",
});
