/**
 * Artificial distance: a TCP proxy on loopback that holds back every byte. The kernel here has no netem, and a developer's
 * laptop should not need one. Order is kept, as TCP keeps it; a stalled proxy holds everything until it flows again.
 */
import { connect, createServer, type Socket } from "node:net";

export interface DelayProxyOptions {
  readonly host?: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly target: { readonly host: string; readonly port: number };
  /** Added to each round trip, half each way; ms. */
  readonly roundTripMs: number;
  /** Each chunk is held back by up to this more, at random; ms. */
  readonly jitterMs?: number;
}

export interface DelayProxy {
  readonly port: number;
  setRoundTripMs(ms: number): void;
  /** Holds back everything, as a partition does that heals, until called with false. */
  stall(stalled: boolean): void;
  /** Breaks every connection; new ones are accepted. */
  cut(): void;
  close(): Promise<void>;
}

/** Bytes held back in one direction before the sender is paused. */
const HELD_BYTES_MAX = 1_048_576;

export async function startDelayProxy(options: DelayProxyOptions): Promise<DelayProxy> {
  const { target, jitterMs = 0 } = options;
  let halfMs = options.roundTripMs / 2;
  let flowing = Promise.resolve();
  let letFlow: (() => void) | undefined;
  const sockets = new Set<Socket>();

  /** Passes on what `from` says, each chunk not before its time and not before the chunk ahead of it. */
  function relay(from: Socket, to: Socket): void {
    let last = Promise.resolve();
    let held = 0;
    const later = (act: () => void) => {
      const waited = sleep(halfMs + Math.random() * jitterMs);
      last = Promise.all([last, waited])
        .then(() => flowing)
        .then(act);
    };
    from.on("data", (chunk) => {
      held += chunk.length;
      if (held > HELD_BYTES_MAX) from.pause();
      later(() => {
        held -= chunk.length;
        if (!to.destroyed) to.write(chunk);
        if (held <= HELD_BYTES_MAX) from.resume();
      });
    });
    from.on("end", () => later(() => to.end()));
    from.on("close", () => later(() => to.destroy()));
    from.on("error", () => from.destroy());
  }

  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ ...target, noDelay: true });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
    }
    relay(near, far);
    relay(far, near);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host ?? "127.0.0.1", resolve);
  });

  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as { port: number }).port,
    setRoundTripMs(ms) {
      halfMs = ms / 2;
    },
    stall(stalled) {
      if (stalled && !letFlow) {
        flowing = new Promise((resolve) => {
          letFlow = resolve;
        });
      } else if (!stalled) {
        letFlow?.();
        letFlow = undefined;
        flowing = Promise.resolve();
      }
    },
    cut,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cut();
      }),
  };
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
