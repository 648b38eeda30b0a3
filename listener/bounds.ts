/** Numbers that both implementations keep and no configuration changes. */

/** A socket is gone this long after `close()` even if its peer is mute; `Listening.close()` waits no longer for anybody. */
export const CLOSE_MS_MAX = 2_000;
/** Request line and headers: a seat token (1.5 kB), a player's JWT in the query (4 kB) and a browser's cookies (4 kB) fit twice. */
export const HEAD_BYTES_MAX = 16_384;
/** An idle HTTP connection is kept this long; built into uWebSockets too, which rounds it up to 12 s. */
export const KEEP_ALIVE_MS = 10_000;
/** RFC 6455, 5.5: a control frame carries at most this, a close frame two bytes less of reason. */
export const CONTROL_BYTES_MAX = 125;
/** A listener that has closed its sockets gives their peers this long to read that, then cuts what is half open. */
export const LINGER_MS = 50;
