/** Looking on, as a game's client does it: the SDK, real sockets, `frontrow dev`. */
import { createClient, type FrontrowClient, type Played, type PlayResult } from "@frontrow/client";
import { createMemoryStorage, type SeatStorage } from "@frontrow/client/kept-seat.ts";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { type FrontrowProcess, startFrontrow } from "../support/frontrow.ts";
import type config from "../support/spectators/frontrow.config.ts";

const CONFIG = new URL("../support/spectators/frontrow.config.ts", import.meta.url).pathname;
const SOON = { timeout: 5_000, interval: 100 };
let dev: FrontrowProcess;
// biome-ignore lint/suspicious/noExplicitAny: rooms of every mode
type Joined = Played<any>;
const clients: FrontrowClient<typeof config>[] = [];
const joined: Joined[] = [];

beforeAll(async () => {
  dev = await startFrontrow("dev", { env: { FRONTROW_CONFIG: CONFIG } });
  for (const chatter of ["info", "warn"] as const) vi.spyOn(console, chatter).mockImplementation(() => {});
});
afterEach(async () => {
  await Promise.all(joined.splice(0).map(({ room }) => room.connection.isOpen && room.leave()));
  for (const client of clients.splice(0)) client.close();
});
afterAll(async () => void (await dev?.end("SIGKILL")));

function newClient(storage: SeatStorage = createMemoryStorage()) {
  const client = createClient<typeof config>({ url: dev.url, storage });
  clients.push(client);
  return client;
}
// biome-ignore lint/suspicious/noExplicitAny: as above
async function seated(playing: Promise<PlayResult<any>>): Promise<Joined> {
  const played = await playing;
  if (!played.ok) throw new Error(`${played.code}: ${played.message}`);
  joined.push(played);
  return played;
}
const shows = ({ room }: Joined, what: object) => vi.waitFor(() => expect(room.state).toMatchObject(what), SOON);

it("[SP7] a full room is found in the list of what may be watched, looked on in, clapped at, and not played in", async () => {
  const actor = await seated(newClient().create("stage"));
  await seated(newClient().join({ roomId: actor.roomId }));
  const listed = () => newClient().rooms("stage", { watchable: true });
  const entry = await vi.waitFor(async () => {
    const found = (await listed()).rooms.find(({ roomId }) => roomId === actor.roomId);
    expect(found).toMatchObject({ free: 0, watch: 2 });
    return found!;
  }, SOON);
  const fan = await seated(newClient().spectate<"stage">({ roomId: entry.roomId }));
  expect(fan).toMatchObject({ mode: "stage", roomId: actor.roomId });
  await shows(fan, { actors: 2, claps: 0 });
  const refused = vi.fn();
  fan.room.onError(refused);
  fan.room.send("line");
  fan.room.send("clap");
  await shows(actor, { claps: 1, lines: 0, actors: 2 });
  expect(refused).toHaveBeenCalledExactlyOnceWith(4357, expect.stringContaining("ONLY_WATCHING"));
  await seated(newClient().spectate({ roomId: entry.roomId }));
  await vi.waitFor(
    async () =>
      expect(await newClient().spectate({ roomId: entry.roomId })).toMatchObject({
        ok: false,
        code: "SPECTATORS_FULL",
      }),
    SOON,
  );
});

it("[SP7] a private room is looked on in by its code alone, and a room of another mode by nobody", async () => {
  const actor = await seated(newClient().create("stage", { private: true }));
  await vi.waitFor(() => seated(newClient().spectate({ code: actor.code!.toLowerCase() })), SOON);
  const { rooms } = await newClient().rooms("stage", { watchable: true });
  expect(rooms.map(({ roomId }) => roomId)).not.toContain(actor.roomId);
  const closed = await seated(newClient().create("rehearsal"));
  expect(await newClient().spectate({ roomId: closed.roomId })).toMatchObject({ code: "NOT_WATCHED" });
  expect(await newClient().spectate({ roomId: "local_9_abcdef" })).toMatchObject({ code: "ROOM_NOT_FOUND" });
  expect(await newClient().spectate({ code: "LOCAL-00000000" })).toMatchObject({ code: "CODE_UNKNOWN" });
  expect(await newClient().spectate({ code: "?" })).toMatchObject({ code: "CODE_UNKNOWN" });
});

it("[SP7] a match is looked on in, also after a reload, and ends for who looks on when its players have gone", async () => {
  const pair = await Promise.all([seated(newClient().play("duel")), seated(newClient().play("duel"))]);
  const [one, two] = pair as [Joined, Joined];
  expect(two.roomId).toBe(one.roomId);
  const storage = createMemoryStorage();
  const fan = await vi.waitFor(() => seated(newClient(storage).spectate({ roomId: one.roomId })), SOON);
  expect(fan).toMatchObject({ mode: "duel", match: undefined, team: undefined });
  await shows(fan, { actors: 2 });
  fan.room.reconnection.enabled = false;
  const back = await seated(newClient(storage).resume());
  expect(back).toMatchObject({ roomId: one.roomId, mode: "duel" });
  await shows(back, { actors: 2 });
  const ended = new Promise<number>((resolve) => back.room.onLeave(resolve));
  await Promise.all([one.room.leave(), two.room.leave()]);
  expect(await ended).toBe(4345);
});
