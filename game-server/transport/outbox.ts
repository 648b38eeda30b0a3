/**
 * Frames of one turn wait here and leave together, corked once a client: one system call for a client and tick instead of
 * three, which is where a busy server's time goes (HOTPATHS.md C). Outside a turn a frame leaves at once.
 *
 * A patch is a view of the room's encoder buffer, which the next encode overwrites: whoever encodes calls `flush` right
 * after. Sockets take the bytes before they return, so nothing is copied here.
 */
export interface Corked {
  /** Sends everything that waits for this client. */
  flush(): void;
}

export interface Outbox {
  /** Runs `turn`; what it sends leaves when it ends. */
  collect(turn: () => void): void;
  readonly collecting: boolean;
  /** A client whose first frame of this turn waits. */
  mark(client: Corked): void;
  /** What was sent so far leaves now. */
  flush(): void;
}

export function createOutbox(): Outbox {
  let marked: Corked[] = [];
  let collecting = false;

  function flush(): void {
    if (marked.length === 0) return;
    const leaving = marked;
    marked = [];
    for (const client of leaving) client.flush();
  }

  return {
    get collecting() {
      return collecting;
    },
    collect(turn) {
      collecting = true;
      try {
        turn();
      } finally {
        collecting = false;
        flush();
      }
    },
    mark: (client) => void marked.push(client),
    flush,
  };
}
