import { Protocol } from "@colyseus/core";
import { createNodeEdge } from "@frontrow/edge-router/adapters/node.ts";
import { createPingRoute } from "@frontrow/game-server/transport/ping-route.ts";
import { ECHO_LIFE_MS, ECHOES_MAX } from "@frontrow/listener/echo-life.ts";
import type { Head, SocketRoute } from "@frontrow/listener/listener.ts";
import { defaultLimits } from "@frontrow/shared/limits.ts";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const PING = Uint8Array.of(Protocol.PING);
const head = { address: "192.0.2.1" } as Head;

function gameServerRoute() {
  return createPingRoute("/", { mayAsk: () => true } as never, () => performance.now());
}
function edgeRoute() {
  const world = { limits: defaultLimits, rates: { mayOpen: () => true } };
  const { sockets } = createNodeEdge({ world } as never, {} as never);
  return sockets.find(({ path }) => path === "/") as unknown as SocketRoute<unknown>;
}

/** The route with one socket open, whose closing runs the route's, as the listener's does. */
function opened(route: SocketRoute<never>) {
  const upgraded = route.upgrade(head);
  if (!("accept" in upgraded)) throw new Error("refused");
  const close = vi.fn((code: number, reason: string) => route.close(socket as never, code, reason));
  const send = vi.fn();
  const socket = { data: upgraded.accept, close, send };
  route.open(socket as never);
  const ping = () => {
    vi.advanceTimersByTime(100);
    route.message(socket as never, PING, false);
  };
  return { close, send, ping };
}

describe.each([
  { of: "game server", make: gameServerRoute },
  { of: "edge", make: edgeRoute },
])("the latency check of the $of", ({ make }) => {
  it("[GS35] is answered as often as a check needs, then closed", () => {
    const { close, send, ping } = opened(make() as SocketRoute<never>);
    for (let sent = 1; sent < ECHOES_MAX; sent++) ping();
    expect(close).not.toHaveBeenCalled();
    ping();
    expect(send).toHaveBeenCalledTimes(ECHOES_MAX);
    expect(close).toHaveBeenCalledExactlyOnceWith(1_000, expect.any(String));
    expect(vi.getTimerCount()).toBe(0);
  });

  it("[GS35] ends after its time, however slowly it asks", () => {
    const { close, ping } = opened(make() as SocketRoute<never>);
    for (let passed = 0; passed < ECHO_LIFE_MS - 1_100; passed += 1_000) {
      vi.advanceTimersByTime(900);
      ping();
    }
    expect(close).not.toHaveBeenCalled();
    vi.advanceTimersByTime(2_000);
    expect(close).toHaveBeenCalledExactlyOnceWith(1_000, expect.any(String));
  });
});
