import type { ErrorCode } from "@frontrow/shared/errors.ts";
import { refusal } from "@frontrow/shared/errors.ts";
import type { Down } from "@frontrow/shared/protocol/down.ts";
import { beforeEach, expect, it, vi } from "vitest";
import { createClient } from "./client.ts";
import { fakeEdge, fakeRoom, seatOf } from "./fake-edge.ts";
import { joinRoom } from "./join-room.ts";
import { failure } from "./ticket.ts";

vi.mock("./join-room.ts", () => ({ joinRoom: vi.fn() }));
beforeEach(() => void vi.mocked(joinRoom).mockReset());

const ofMatch = (id: string): Down => ({ ...(seatOf(id) as Extract<Down, { t: "seat" }>), match: "m1", team: 0 });

/** An edge that answers each `again` with the next of `answers`: another seat, or a refusal; then with seats. */
function setUp(...answers: (ErrorCode | "seat")[]) {
  const edge = fakeEdge((message, say) => {
    if (message.t === "play") {
      say({ t: "state", id: message.id, state: "waiting", why: [], players: 1, receipt: `of ${message.id}` });
      say(ofMatch(message.id));
    }
    if (message.t !== "again") return;
    const answer = answers.shift() ?? "seat";
    if (answer === "seat") say(ofMatch(message.id));
    else say({ t: "error", id: message.id, requestId: "r", ...refusal(answer), issues: undefined });
  });
  const client = createClient({ url: "http://edge.test", wire: "json", WebSocket: edge.WebSocket });
  /** What the edge heard of tickets, such as `play 0`. */
  const told = () =>
    edge.heard.flatMap((up) =>
      "id" in up ? [`${up.t} ${up.id.split("-")[1]}${up.t === "again" ? ` ${up.refused}` : ""}`] : [],
    );
  return { client, told, heard: edge.heard };
}
const joinsEndWith = (...codes: ErrorCode[]) => {
  for (const code of codes) vi.mocked(joinRoom).mockResolvedValueOnce(failure(code));
};
const joins = () => vi.mocked(joinRoom).mockResolvedValueOnce(fakeRoom());

it.each<ErrorCode>(["ROOM_FULL", "ROOM_FAILED", "DRAINING", "SERVER_UNREACHABLE", "ROOM_FINISHED", "SEAT_INVALID"])(
  "[RP8] after %s a match is not left: its ticket asks again, and sits down where the match then is",
  async (code) => {
    const { client, told } = setUp();
    joinsEndWith(code, code);
    joins();
    expect(await client.play("duel")).toMatchObject({ ok: true });
    expect(told()).toEqual(["play 0", "again 0 true", "again 0 true"]);
  },
);

it.each<ErrorCode>(["SEAT_EXPIRED", "SEAT_USED"])("[RP8] after %s the match's own seat is asked for", async (code) => {
  const { client, told } = setUp();
  joinsEndWith(code);
  joins();
  expect(await client.play("duel")).toMatchObject({ ok: true });
  expect(told()).toEqual(["play 0", "again 0 false"]);
});

it("[RP8] a match that stays where it is without this player ends the ticket with what the join was refused for", async () => {
  const { client, told } = setUp("MATCH_STAYS");
  joinsEndWith("ROOM_FAILED");
  expect(await client.play("duel")).toMatchObject({ ok: false, code: "ROOM_FAILED" });
  expect(told()).toEqual(["play 0", "again 0 true", "cancel 0"]);
});

it("[RP8] a match that is not to be any more is left for another, with the age of the wish; once", async () => {
  const { client, told, heard } = setUp("MATCH_GONE", "MATCH_GONE");
  joinsEndWith("ROOM_FAILED", "ROOM_FAILED");
  expect(await client.play("duel", { options: { role: "tank" } as never })).toMatchObject({ code: "ROOM_FAILED" });
  expect(told()).toEqual(["play 0", "again 0 true", "play 1", "again 1 true", "cancel 1"]);
  const [, second] = heard.filter((up) => up.t === "play");
  expect(second).toMatchObject({
    mode: "duel",
    options: { role: "tank" },
    receipt: expect.stringMatching(/^of .*-0$/),
  });
});

it("[RP8] however often servers refuse, it ends", async () => {
  const { client, told } = setUp();
  joinsEndWith(...Array.from({ length: 20 }, (): ErrorCode => "ROOM_FAILED"));
  expect(await client.play("duel")).toMatchObject({ ok: false, code: "ROOM_FAILED" });
  expect(told()).toEqual(["play 0", ...Array.from({ length: 6 }, () => "again 0 true"), "cancel 0"]);
});

it("[RP8] what no other seat would help is told at once", async () => {
  const { client, told } = setUp();
  joinsEndWith("ROOM_REFUSED");
  expect(await client.play("duel")).toMatchObject({ ok: false, code: "ROOM_REFUSED" });
  expect(told()).toEqual(["play 0", "cancel 0"]);
});

it("[RP8] aborting while the seat is asked for again cancels the ticket", async () => {
  const asked = new AbortController();
  const { client, told, heard } = setUp("seat");
  vi.mocked(joinRoom).mockImplementationOnce(async () => {
    queueMicrotask(() => asked.abort());
    return failure("ROOM_FAILED");
  });
  expect(await client.play("duel", { signal: asked.signal })).toMatchObject({ ok: false, code: "CANCELLED" });
  await vi.waitFor(() => expect(told().at(-1)).toBe("cancel 0"));
  expect(heard.filter((up) => up.t === "play")).toHaveLength(1);
});
