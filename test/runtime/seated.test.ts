/** Signed-in players who go from match to match: none is in two, and none is kept from the next by one that he has left. */
import { createClient, type FrontrowClient, type Played, type PlayResult, type TicketState } from "@frontrow/client";
import { exportSPKI, generateKeyPair, SignJWT } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type FrontrowProcess, startFrontrow } from "../support/frontrow.ts";
import type config from "../support/seated.config.ts";

const CONFIG = new URL("../support/seated.config.ts", import.meta.url).pathname;
const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
const jwtOf = (player: string) =>
  new SignJWT({}).setProtectedHeader({ alg: "ES256" }).setSubject(player).setExpirationTime("1h").sign(privateKey);

let dev: FrontrowProcess;
const clients: FrontrowClient<typeof config>[] = [];
const rooms: Played<unknown>["room"][] = [];
beforeAll(async () => {
  const FRONTROW_JWT_KEY = await exportSPKI(publicKey);
  dev = await startFrontrow("dev", { env: { FRONTROW_CONFIG: CONFIG, FRONTROW_JWT_KEY } });
}, 60_000);
afterEach(async () => {
  await Promise.all(rooms.splice(0).map((room) => room.connection.isOpen && room.leave()));
  for (const client of clients.splice(0)) client.close();
});
afterAll(async () => void (await dev?.end("SIGKILL")));

type Client = FrontrowClient<typeof config>;
async function player(name: string): Promise<Client> {
  const client = createClient<typeof config>({ url: dev.url, jwt: await jwtOf(name) });
  clients.push(client);
  return client;
}
async function seated(playing: Promise<PlayResult<unknown>>): Promise<Played<unknown>> {
  const played = await playing;
  if (!played.ok) throw new Error(`${played.code}: ${played.message}`);
  rooms.push(played.room);
  return played;
}
/** Asks for a duel, and waits until the ticket waits in its pool. */
async function waiting(client: Client): Promise<Promise<PlayResult<unknown>>[]> {
  const states: string[] = [];
  const playing = client.play("duel", { onState: ({ state }: TicketState) => void states.push(state) });
  await vi.waitFor(() => expect(states).toContain("waiting"), { timeout: 5_000 });
  // In a list, for a promise that is returned is awaited.
  return [playing];
}
/** The two meet; the index has been told that both sit, with the last heartbeat. */
async function meet(one: Client, two: Client): Promise<[Played<unknown>, Played<unknown>]> {
  const [first] = await waiting(one);
  const both = await Promise.all([seated(first!), seated(two.play("duel"))]);
  await known(one, both);
  return both;
}
async function known(one: Client, both: readonly Played<unknown>[]): Promise<void> {
  const { roomId } = both[0]!;
  for (const { room } of both) room.send("sitting");
  await vi.waitFor(
    async () => {
      const { rooms: listed } = await one.rooms("duel", { watchable: true });
      expect(listed.find((room) => room.roomId === roomId)?.metadata).toEqual({ sitting: 2 });
    },
    { timeout: 10_000, interval: 100 },
  );
}

describe("who sits in a match", () => {
  it("[MT7] is told ALREADY_SEATED when he wants another, the others are matched without him, and he comes back or leaves and plays", async () => {
    const [ada, bob, cy, dan] = await Promise.all(["ada", "bob", "cy", "dan"].map(player));
    const [first] = await meet(ada!, bob!);
    const [cys] = await waiting(cy!);
    const refused = ada!.play("duel");
    const [third, fourth] = await Promise.all([seated(cys!), refused.then(() => seated(dan!.play("duel")))]);
    expect(await refused).toMatchObject({ ok: false, code: "ALREADY_SEATED", retryable: false });
    expect(third.roomId).toBe(fourth.roomId);
    expect(third.roomId).not.toBe(first.roomId);
    const back = await seated(ada!.resume());
    expect(back.roomId).toBe(first.roomId);
    await back.room.leave();
    const [another] = await meet(await player("eve"), ada!);
    expect(another.roomId).not.toBe(first.roomId);
  });

  it("[MT8] and leaves it plays the next one at once, again and again", async () => {
    const ada = await player("ada");
    let [, mine] = await meet(await player("other"), ada);
    for (let round = 0; round < 5; round++) {
      const [others] = await waiting(await player(`other-${round}`));
      const before = mine.roomId;
      await mine.room.leave();
      // Nothing in between: the index may not have heard yet.
      const both = await Promise.all([seated(ada.play("duel")), seated(others!)]);
      mine = both[0];
      expect(mine.roomId).not.toBe(before);
      await known(ada, both);
    }
  });

  it("[MT8] that is finished plays the next one at once, with the same opponent too", async () => {
    const [ada, bob] = await Promise.all(["ada", "bob"].map(player));
    let both = await meet(ada!, bob!);
    for (let round = 0; round < 3; round++) {
      const over = both.map(({ room }) => new Promise((resolve) => room.onLeave(resolve)));
      both[0].room.send("finish");
      await Promise.all(over);
      both = await Promise.all([seated(ada!.play("duel")), seated(bob!.play("duel"))]);
      await known(ada!, both);
    }
  });

  it("[MT8] is kept from no fill mode, and a seat of one keeps nobody from a match", async () => {
    const [ada, bob] = await Promise.all(["ada", "bob"].map(player));
    const hall = await seated(ada!.play("hall"));
    const [mine] = await meet(ada!, bob!);
    expect(mine.roomId).not.toBe(hall.roomId);
    expect((await seated(bob!.play("hall"))).roomId).toBe(hall.roomId);
  });
});
