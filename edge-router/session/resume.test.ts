/** A client that asks where it sits, at an edge whose metros the test answers for. */
import { fill } from "@frontrow/shared/config/modes.ts";
import { resolveLimits } from "@frontrow/shared/limits.ts";
import type { Down } from "@frontrow/shared/protocol/down.ts";
import { createSystemClock } from "@frontrow/shared/system-clock.ts";
import { expect, it, vi } from "vitest";
import { createFakeLink, seatIn } from "../../test/support/fake-link.ts";
import { createEdge } from "../edge.ts";
import type { FoundSeat } from "../ports.ts";

async function greeted(jwt?: string) {
  let answer: (seat: FoundSeat) => void = () => {};
  const asked = vi.fn(() => {
    const { promise, resolve } = Promise.withResolvers<FoundSeat>();
    answer = resolve;
    return promise;
  });
  const link = Object.assign(createFakeLink("fra"), { findSeat: asked });
  const edge = createEdge({
    ...{
      edge: "edge",
      links: [link],
      modes: { arena: fill({ seats: 4 }) },
      compat: undefined,
      limits: resolveLimits(),
    },
    ...{ verifyPlayer: async () => ({ playerId: "alice" }), guests: true, clock: createSystemClock() },
    random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
    observe: () => {},
  });
  const heard: Down[] = [];
  const socket = { send: (text: Uint8Array | string) => void heard.push(JSON.parse(`${text}`)), close: () => {} };
  const session = edge.open({ socket, address: "192.0.2.1", subprotocol: "frontrow.v1.json" });
  const say = (message: object) => session.message(JSON.stringify(message));
  const hears = (what: object) => vi.waitFor(() => expect(heard).toContainEqual(expect.objectContaining(what)));
  say({ t: "hello", v: 1, ...(jwt ? { jwt } : {}) });
  await hears({ t: "welcome" });
  const end = () => {
    session.closed();
    edge.stop();
  };
  return { say, hears, heard, asked, answer: (seat: FoundSeat) => answer(seat), [Symbol.dispose]: end };
}

it("[RS3] a signed-in player is told his seat, with match and team", async () => {
  using client = await greeted("good");
  client.say({ t: "resume", id: "r" });
  await vi.waitFor(() => expect(client.asked).toHaveBeenCalledOnce());
  client.answer({ seat: seatIn("fra"), match: "m", team: 1 });
  await client.hears({ t: "seat", id: "r", metro: "fra", match: "m", team: 1 });
});

it("[RS3] a guest is nobody's player, and no metro is asked", async () => {
  using client = await greeted();
  client.say({ t: "resume", id: "r" });
  await client.hears({ t: "error", id: "r", code: "NOTHING_TO_RESUME" });
  expect(client.asked).not.toHaveBeenCalled();
});

it.each([
  [{ t: "cancel", id: "r" }, "CANCELLED"],
  [{ t: "resume", id: "r2" }, "SUPERSEDED"],
])("[RS3] %o ends a resume that waits, and its answer is told to nobody", async (message, code) => {
  using client = await greeted("good");
  client.say({ t: "resume", id: "r" });
  await vi.waitFor(() => expect(client.asked).toHaveBeenCalledOnce());
  client.say(message);
  await client.hears({ t: "error", id: "r", code });
  client.answer({ seat: seatIn("fra") });
  await new Promise((resolve) => setImmediate(resolve));
  expect(client.heard.filter((told) => told.t === "seat" && told.id === "r")).toEqual([]);
});
