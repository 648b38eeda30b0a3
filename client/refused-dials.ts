/**
 * A dial that is refused, while the SDK makes a broken connection anew: Node's own WebSocket says `error` of it and never `close`, upon
 * which alone the SDK tries again or gives up. Without a word it would do neither, for ever.
 */
import type { Room } from "@colyseus/sdk";

/** Where `close` does come, it comes with the error. */
const CLOSE_MS = 100;
const ABNORMAL = 1006;

export function endRefusedDials({ connection }: Pick<Room, "connection">): void {
  const { events } = connection;
  const { onclose, onerror } = events;
  let closes = 0;
  events.onclose = (event) => {
    closes++;
    onclose?.(event);
  };
  events.onerror = (event) => {
    onerror?.(event);
    const before = closes;
    setTimeout(() => {
      if (closes === before && !connection.isOpen) events.onclose?.({ code: ABNORMAL, reason: "refused" });
    }, CLOSE_MS);
  };
}
