/** A failed ticket: its code and sentence, and a retry that opens when the error says that asking again can help. */
import { type PaneElements, say } from "./elements.ts";
import type { Ending } from "./seating.ts";

export function offerRetry(el: PaneElements, { code, message, retryable, retryAfterMs }: Ending): void {
  say(el.errorCode, code);
  say(el.errorText, message);
  el.retry.hidden = !retryable;
  const openMs = performance.now() + retryAfterMs;
  const count = () => {
    const leftMs = openMs - performance.now();
    el.retry.disabled = leftMs > 0;
    say(el.retry, leftMs > 0 ? `Retry in ${Math.ceil(leftMs / 1_000)} s` : "Retry");
    if (leftMs > 0 && el.root.isConnected) setTimeout(count, Math.min(leftMs, 250));
  };
  count();
}
