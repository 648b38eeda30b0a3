/** The end of a room in words: what `room.onLeave((code) => …)` was called with. */
import { codeOfClose, type Refusal, refusal } from "@frontrow/shared/errors.ts";

/**
 * What a room's close code says, as a failure of `play` would: its code, a sentence, whether and when to ask again. SERVER_LEFT: the
 * room's server had to leave; a match can be gone back to (`onMoved`, or `resume()`). Undefined: the code is Colyseus' or the room's own.
 */
export function whyLeft(closeCode: number): Refusal | undefined {
  const code = codeOfClose(closeCode);
  return code && refusal(code);
}
