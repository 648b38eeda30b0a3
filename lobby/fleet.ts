/** What an operator asks of a metro's game servers, from any machine that reaches the index. */
export interface Fleet {
  /**
   * Asks a server to leave, whichever boot it has: it gets no new reservations from this moment on, and hears of it with its next
   * heartbeat. An index that forgets it before then is to be asked again.
   */
  drain(server: string): Promise<"DRAINING" | "UNKNOWN_SERVER">;
  /** What the index knows of a server; undefined: nothing. */
  look(server: string): Promise<ServerStatus | undefined>;
}

export interface ServerStatus {
  readonly boot: string;
  /** It holds its lease. */
  readonly live: boolean;
  readonly draining: boolean;
  /** Nobody sits down on it any more. */
  readonly closed: boolean;
  /** It has heard that it is to leave, and ends what is left of its rooms in so many ms, as of its last heartbeat. */
  readonly leavesInMs: number | undefined;
  readonly rooms: number;
  /** Seats sat in. */
  readonly seated: number;
  /** Seats promised that nobody sits in yet. */
  readonly held: number;
}
