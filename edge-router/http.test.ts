import { fill } from "@frontrow/shared/config/modes.ts";
import { resolveLimits } from "@frontrow/shared/limits.ts";
import { createSystemClock } from "@frontrow/shared/system-clock.ts";
import { describe, expect, it, vi } from "vitest";
import { createFakeLink, type FakeLink, refuses } from "../test/support/fake-link.ts";
import { createEdge } from "./edge.ts";
import { createEdgeHttp } from "./http.ts";

const observe = vi.fn();

/** A metro with one open room. */
function metroWithRoom(metro: string): FakeLink {
  const room = { roomId: `${metro}_1_abcdef`, mode: "arena", seats: 4, free: 1, locked: false, metadata: null };
  return Object.assign(createFakeLink(metro), { listRooms: async () => ({ rooms: [room] }) });
}

async function roomsOf(links: FakeLink[], query = "") {
  const edge = createEdge({
    edge: "edge",
    links,
    modes: { arena: fill({ seats: 4 }) },
    compat: undefined,
    limits: resolveLimits(),
    verifyPlayer: undefined,
    guests: true,
    clock: createSystemClock(() => Date.now()),
    random: (bytes) => new Uint8Array(bytes),
    observe,
  });
  const reply = await createEdgeHttp(edge, { allows: () => true } as never).rooms({
    method: "GET",
    path: "/v1/rooms",
    query: new URLSearchParams(`mode=arena${query}`),
    header: () => "",
    address: "192.0.2.1",
    params: {},
  });
  return { status: reply.status, body: JSON.parse(reply.body) };
}
const idsOf = ({ body }: Awaited<ReturnType<typeof roomsOf>>) =>
  body.rooms.map(({ roomId }: { roomId: string }) => roomId);

describe("GET /v1/rooms", () => {
  it("[SE7] rooms of every metro, and no word of unreachable ones while all answer", async () => {
    const listed = await roomsOf([metroWithRoom("fra"), metroWithRoom("ams")]);
    expect(idsOf(listed)).toEqual(["ams_1_abcdef", "fra_1_abcdef"]);
    expect(listed.body).not.toHaveProperty("unreachable");
  });

  it("[SE7] a metro that is away, refuses or breaks is stepped over and named", async () => {
    const down = Object.assign(metroWithRoom("fra"), { up: false });
    const refusing = Object.assign(metroWithRoom("ams"), { listRooms: refuses("INDEX_AWAY") });
    const broken = Object.assign(metroWithRoom("lon"), {
      listRooms: async () => Promise.reject(new TypeError("oops")),
    });
    const listed = await roomsOf([down, refusing, broken, metroWithRoom("par")]);
    expect(listed.status).toBe(200);
    expect(idsOf(listed)).toEqual(["par_1_abcdef"]);
    expect(listed.body.unreachable).toEqual(["ams", "fra", "lon"]);
    expect(observe).toHaveBeenCalledWith({ kind: "threw", error: new TypeError("oops") });
  });

  it("[SE7] a page that ends before the last metro still names those that were stepped over", async () => {
    const down = Object.assign(metroWithRoom("ams"), { up: false });
    const listed = await roomsOf([down, metroWithRoom("fra"), metroWithRoom("par")], "&limit=1");
    expect(listed.body).toMatchObject({ next: "fra_~", unreachable: ["ams"] });
  });

  it("[SE7] where no metro answers, the refusal is the answer", async () => {
    const listed = await roomsOf([Object.assign(metroWithRoom("fra"), { up: false })]);
    expect(listed).toMatchObject({ status: 503, body: { code: "MATCHMAKER_AWAY", retryable: true } });
  });
});
