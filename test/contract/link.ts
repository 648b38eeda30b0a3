/** Every link from an edge to a metro must pass this: in the same process, and over a WebSocket. */
import type { MetroLink } from "@frontrow/edge-router/ports.ts";
import { FrontrowError } from "@frontrow/shared/errors.ts";
import { type Limits, resolveLimits } from "@frontrow/shared/limits.ts";
import { expect, it, vi } from "vitest";
import { createFakeMetro, type FakeMetro } from "../support/fake-metro.ts";

export const linkLimits: Limits = resolveLimits({ jwksFetchMs: 50, redisCommandMs: 100, linkRequestMs: 300 });

const rtt = { minMs: 1, jitterMs: 0, loss: 0, samples: 5, verified: true };
export const placeOf = (ticket: string, sid = "s1") => ({
  sid,
  ticket,
  target: { kind: "best" as const, mode: "arena" },
  compat: "any",
  options: { name: "Ada", nested: { list: [1, "two", null] } },
  rtt,
});
const refusedWith = (code: string) => expect.objectContaining({ refusal: expect.objectContaining({ code }) });

export function linkContract(connect: (metro: FakeMetro) => Promise<MetroLink & { close(): void }>) {
  async function linked() {
    const metro = createFakeMetro();
    const link = await connect(metro);
    await vi.waitFor(() => expect(link.isUp()).toBe(true), { timeout: 3_000 });
    return { metro, link, [Symbol.dispose]: () => link.close() };
  }

  it("[LK1] a request arrives whole and its seat comes back", async () => {
    using made = await linked();
    const { link, metro } = made;
    await expect(link.openSession({ sid: "s1", guest: "guest_abcdefgh12" })).resolves.toMatchObject({ generation: 1 });
    const seat = await link.place(placeOf("t1"));
    expect(seat).toMatchObject({ roomId: "fra_1_t1xxxx", token: "token-of-t1" });
    expect(metro.placed[0]).toMatchObject(placeOf("t1"));
    await expect(link.locate("fra_1_abcdef")).resolves.toMatchObject({ publicAddress: "play.example.com" });
    await expect(link.listRooms({ mode: "arena", limit: 10 })).resolves.toEqual({ rooms: [] });
    const found = { seat: { roomId: "fra_1_abcdef" }, match: "match-of-s1", team: 1 };
    await expect(link.findSeat({ sid: "s1", rtt })).resolves.toMatchObject(found);
    link.closeSession("s1");
    await vi.waitFor(() => expect(metro.closed).toEqual(["s1"]));
  });

  it("[LK1] a thousand requests at once each get their own answer", async () => {
    using made = await linked();
    const tickets = Array.from({ length: 1_000 }, (_, i) => `t${i}`);
    const seats = await Promise.all(tickets.map((ticket) => made.link.place(placeOf(ticket))));
    expect(seats.map(({ token }) => token)).toEqual(tickets.map((ticket) => `token-of-${ticket}`));
  });

  it("[LK1] a refusal comes back with its code, sentence, wait and issues", async () => {
    using made = await linked();
    const { link, metro } = made;
    metro.answer = async () => {
      throw new FrontrowError("INVALID_ATTRIBUTES", "Look.", { issues: ["name: too long"] });
    };
    await expect(link.place(placeOf("t"))).rejects.toMatchObject({
      refusal: { code: "INVALID_ATTRIBUTES", message: expect.stringContaining("Look."), issues: ["name: too long"] },
    });
    metro.answer = async () => {
      throw new FrontrowError("RATE_LIMITED", undefined, { retryAfterMs: 1_234 });
    };
    await expect(link.place(placeOf("t"))).rejects.toMatchObject({ refusal: { retryAfterMs: 1_234, retryable: true } });
  });

  it("[LK1] an exception's text stays in its process", async () => {
    using made = await linked();
    made.metro.answer = async () => {
      throw new Error("password=hunter2");
    };
    await expect(made.link.place(placeOf("t"))).rejects.not.toThrow(/hunter2/);
  });

  it("[LK4] no answer ends in DEADLINE, and the seat that comes later is given back", async () => {
    using made = await linked();
    const { link, metro } = made;
    let deliver: () => void = () => {};
    metro.answer = (request) =>
      new Promise((resolve) => {
        deliver = () => resolve(metro.seatOf(request.ticket));
      });
    await expect(link.place(placeOf("late"))).rejects.toEqual(refusedWith("DEADLINE"));
    deliver();
    await vi.waitFor(() => expect(metro.givenBack).toEqual(["late"]));
  });

  it("[LK1] the edge is told of a session that was superseded", async () => {
    using made = await linked();
    const told: string[] = [];
    made.link.onSuperseded((sid) => void told.push(sid));
    await made.link.openSession({ sid: "s1", guest: "guest_abcdefgh12" });
    made.metro.supersede("s1");
    await vi.waitFor(() => expect(told).toEqual(["s1"]));
  });
}
