/**
 * Everything said in one turn of the event loop leaves in one frame: under load a link makes one system call for dozens of
 * messages, and a lone message does not wait.
 */
import { packMsgpack } from "../protocol/pack.ts";

/** Messages a frame carries at most; the decoder refuses arrays above 4,096. */
const MESSAGES_PER_FRAME = 512;

export interface Outbox<Message> {
  push(message: Message): void;
}

/** `schedule` runs its argument once the current turn is over, such as setImmediate. */
export function createOutbox<Message>(
  send: (frame: Uint8Array) => void,
  schedule: (flush: () => void) => void,
): Outbox<Message> {
  let waiting: Message[] = [];

  function flush(): void {
    const messages = waiting;
    waiting = [];
    for (let from = 0; from < messages.length; from += MESSAGES_PER_FRAME) {
      send(
        packMsgpack(messages.length <= MESSAGES_PER_FRAME ? messages : messages.slice(from, from + MESSAGES_PER_FRAME)),
      );
    }
  }

  return {
    push(message) {
      if (waiting.push(message) === 1) schedule(flush);
    },
  };
}
