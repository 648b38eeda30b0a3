/**
 * The life of a socket that only echoes (the latency check of Colyseus SDKs): it names no player, so nothing but these bounds
 * ends one that keeps talking.
 */

/** The SDK averages as many echoes as its caller wishes; more than these make no average better. */
export const ECHOES_MAX = 32;
/** Room for every echo at a round trip of 300 ms; whoever stays longer holds a socket for nothing. */
export const ECHO_LIFE_MS = 10_000;

export interface EchoLife {
  /** Runs `end` when the time is up. */
  opened(end: () => void): void;
  /** Counts an echo; true if it was the last. */
  echoed(): boolean;
  closed(): void;
}

export function createEchoLife(): EchoLife {
  let echoes = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    opened(end) {
      timer = setTimeout(end, ECHO_LIFE_MS);
    },
    echoed: () => ++echoes >= ECHOES_MAX,
    closed: () => clearTimeout(timer),
  };
}
