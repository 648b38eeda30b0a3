/**
 * What a client of the stream answers, about four times a second: the newest tick that it has shown, or that what it shows is not what
 * the server has and everything shall be sent anew. Both ways the stream uses one message type of Colyseus, so every SDK can carry it.
 */

/** Short, because it stands in every frame. */
export const STREAM_MESSAGE = "~";

const ECHO_BYTES = 5;
const RESTART = 1;

export interface Echo {
  readonly tick: number;
  /** The client asks for keyframes of all that it sees. */
  readonly restart: boolean;
}

export function encodeEcho({ tick, restart }: Echo): Uint8Array {
  const bytes = new Uint8Array(ECHO_BYTES);
  new DataView(bytes.buffer).setUint32(0, tick, true);
  bytes[ECHO_BYTES - 1] = restart ? RESTART : 0;
  return bytes;
}

/** Undefined: this is no echo. */
export function decodeEcho(bytes: Uint8Array): Echo | undefined {
  const flags = bytes[ECHO_BYTES - 1];
  if (bytes.length !== ECHO_BYTES || flags === undefined || flags > RESTART) return undefined;
  const tick = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  return { tick, restart: flags === RESTART };
}

/** How a frame starts on the wire: Colyseus' ROOM_DATA_BYTES, then the message type as a msgpack string. */
const ROOM_DATA_BYTES = 17;
const SHORT_TEXT = 0xa0;
export const STREAM_HEAD: Uint8Array = Uint8Array.of(
  ROOM_DATA_BYTES,
  SHORT_TEXT + STREAM_MESSAGE.length,
  ...new TextEncoder().encode(STREAM_MESSAGE),
);
