import { type ErrorCode, refusal } from "@frontrow/shared/errors.ts";
import { beforeEach, expect, it, vi } from "vitest";
import { createClient } from "./client.ts";
import { fakeEdge, seatOf } from "./fake-edge.ts";
import { joinRoom } from "./join-room.ts";
import { failure } from "./ticket.ts";

vi.mock("./join-room.ts", () => ({ joinRoom: vi.fn() }));
beforeEach(() => void vi.mocked(joinRoom).mockReset());

function setUp() {
  const edge = fakeEdge((message, say) => {
    if (message.t === "play") say(seatOf(message.id));
  });
  const client = createClient({ url: "http://edge.test", wire: "json", WebSocket: edge.WebSocket });
  /** What the edge heard of tickets, such as `play 0`. */
  const told = () => edge.heard.flatMap((up) => ("id" in up ? [`${up.t} ${up.id.split("-")[1]}`] : []));
  return { client, told };
}

const joinsEndWith = (...codes: ErrorCode[]) => {
  for (const code of codes) vi.mocked(joinRoom).mockResolvedValueOnce({ ...failure(code), retryAfterMs: 1 });
};

it.each<ErrorCode>(["ROOM_FINISHED", "ROOM_FAILED", "DRAINING", "SEAT_INVALID", "SERVER_UNREACHABLE"])(
  "[CL6] after %s the old ticket is cancelled and a fresh one asks, because the old would get the same seat",
  async (code) => {
    const { client, told } = setUp();
    joinsEndWith(code, code);
    expect(await client.play("arena")).toMatchObject({ ok: false, code });
    expect(told()).toEqual(["play 0", "cancel 0", "play 1", "cancel 1"]);
  },
);

it.each<ErrorCode>(["SEAT_EXPIRED", "SEAT_USED"])("[CL6] after %s the same ticket asks again", async (code) => {
  const { client, told } = setUp();
  joinsEndWith(code, code);
  expect(await client.play("arena")).toMatchObject({ ok: false, code });
  expect(told()).toEqual(["play 0", "play 0", "cancel 0"]);
});

it("[CL6] what another seat would not help is told at once", async () => {
  const { client, told } = setUp();
  joinsEndWith("ROOM_REFUSED");
  expect(await client.play("arena")).toMatchObject({ ok: false, code: "ROOM_REFUSED" });
  expect(told()).toEqual(["play 0", "cancel 0"]);
});

it.each<[ErrorCode, string[]]>([
  ["SEAT_EXPIRED", ["play 0", "cancel 0"]],
  ["DRAINING", ["play 0", "cancel 0"]],
])("[CL3] aborting in the pause after %s ends at once and gives the seat back", async (code, expected) => {
  const { client, told } = setUp();
  vi.mocked(joinRoom).mockResolvedValueOnce({ ...failure(code), retryAfterMs: 60_000 });
  const asked = new AbortController();
  const playing = client.play("arena", { signal: asked.signal });
  await vi.waitFor(() => expect(joinRoom).toHaveBeenCalledOnce());
  await new Promise((resolve) => setTimeout(resolve, 5));
  asked.abort();
  expect(await playing).toMatchObject({ ok: false, code: "CANCELLED" });
  expect(told()).toEqual(expected);
});

it("[CL11] a wait goes on at the next edge when the first is gone, with the receipt that keeps its age", async () => {
  const edge = fakeEdge((message, say) => {
    if (message.t !== "play") return;
    if (message.receipt) say({ t: "error", id: message.id, ...refusal("MATCH_TIMEOUT"), requestId: "r", issues: [] });
    else say({ t: "state", id: message.id, state: "waiting", why: [], receipt: "proof" });
  });
  const client = createClient({ url: "http://edge.test", wire: "json", WebSocket: edge.WebSocket });
  const playing = client.play("arena", {
    onState: ({ state }) => state === "waiting" && (edge.sockets[0] as unknown as { onclose(): void }).onclose(),
  });
  expect(await playing).toMatchObject({ ok: false, code: "MATCH_TIMEOUT" });
  const plays = edge.heard.filter((message) => message.t === "play");
  expect(plays).toMatchObject([{ mode: "arena" }, { mode: "arena", receipt: "proof" }]);
  expect(plays[1]!.id).toBe(plays[0]!.id);
});
