/** The two ends of a listener's life: naming the address that it could not have, and waiting for the last to leave. */
import { type AddressInfo, createServer } from "node:net";

const LOOK_EVERY_MS = 5;

/** How an address is written where it is named: IPv6 in brackets. */
export const hostPort = (host: string, port: number) => (host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`);

/** Resolves when `isQuiet`, or after `msMax` if somebody never is. */
export function quiet(isQuiet: () => boolean, msMax: number): Promise<void> {
  const endMs = performance.now() + msMax;
  return new Promise((resolve) => {
    const look = () => {
      if (isQuiet() || performance.now() >= endMs) resolve();
      else setTimeout(look, LOOK_EVERY_MS);
    };
    look();
  });
}

/** Binds an address for a moment: the port that it got, or the error that says why it cannot be had. */
export function tryBind(host: string, port: number): Promise<number | NodeJS.ErrnoException> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", resolve);
    server.listen(port, host, () => {
      const bound = (server.address() as AddressInfo).port;
      server.close(() => resolve(bound));
    });
  });
}
