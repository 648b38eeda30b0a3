/** Running matches that ask for players, as players meet them: the SDK, real sockets, `frontrow dev`. */
import { createClient, type FrontrowClient, type Played, type TicketState } from "@frontrow/client";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type config from "../support/backfill/frontrow.config.ts";
import { type FrontrowProcess, startFrontrow } from "../support/frontrow.ts";
import { hears } from "../support/game-server/sdk.ts";

const CONFIG = new URL("../support/backfill/frontrow.config.ts", import.meta.url).pathname;

interface You {
  readonly playerId: string;
  readonly team: number;
  readonly match: string;
}
type Sitting = Played<object> & { readonly you: You };

describe("a running match that asks for players", () => {
  let dev: FrontrowProcess;
  const clients: FrontrowClient<typeof config>[] = [];
  const sitting: Sitting[] = [];
  beforeAll(async () => {
    dev = await startFrontrow("dev", { env: { FRONTROW_CONFIG: CONFIG } });
  }, 60_000);
  afterEach(async () => {
    // Their rooms are over, and ask for nobody in the next test.
    for (const { room } of sitting.splice(0)) if (room.connection.isOpen) room.send("finish");
    for (const client of clients.splice(0)) client.close();
  });
  afterAll(async () => void (await dev?.end("SIGKILL")));

  type Map = "dust" | "ice";
  function play(map: Map = "dust", mode: "duel" | "closed" = "duel") {
    const client = createClient<typeof config>({ url: dev.url });
    clients.push(client);
    const states: TicketState[] = [];
    const seated = (async (): Promise<Sitting> => {
      const played = await client.play(mode, { options: { map }, onState: (state) => void states.push(state) });
      if (!played.ok) throw new Error(`${played.code}: ${played.message}`);
      const one = { ...played, you: await hears<You>(played.room, "you") };
      sitting.push(one);
      return one;
    })();
    return { seated, states, isSeated: () => states.some(({ state }) => state === "joining") };
  }
  const pair = (map?: Map, mode?: "duel" | "closed") => Promise.all([play(map, mode).seated, play(map, mode).seated]);
  const waits = ({ states }: ReturnType<typeof play>) =>
    vi.waitFor(() => expect(states.at(-1)).toMatchObject({ state: "waiting" }), { timeout: 5_000 });

  it("[RP13] who waits takes the seat of who left, in his team, and the room knows him like its own", async () => {
    const [ada, bob] = await pair();
    await bob.room.leave();
    const cy = await play().seated;
    expect(cy.roomId).toBe(ada.roomId);
    expect(cy.you.team).toBe(bob.you.team);
    expect(cy.you.playerId).toBe(cy.playerId);
    // Another match brought him here.
    expect(cy.you.match).not.toBe(ada.you.match);
    expect(cy.why.length).toBeGreaterThan(0);
  });

  it("[RP13] a seat is filled once: of many who wait one joins, the others meet each other", async () => {
    const [ada, bob] = await pair();
    await bob.room.leave();
    const others = await Promise.all(Array.from({ length: 5 }, () => play().seated));
    expect(others.filter(({ roomId }) => roomId === ada.roomId)).toHaveLength(1);
    const rooms = Map.groupBy(others, ({ roomId }) => roomId);
    expect([...rooms.values()].map(({ length }) => length).toSorted()).toEqual([1, 2, 2]);
  });

  it("[RP13] whose wishes do not fit waits on", async () => {
    const [ada, bob] = await pair("ice");
    await bob.room.leave();
    const dusty = play("dust");
    await waits(dusty);
    const icy = await play("ice").seated;
    expect(icy.roomId).toBe(ada.roomId);
    expect(dusty.isSeated()).toBe(false);
    expect((await play("dust").seated).roomId).toBe((await dusty.seated).roomId);
  });

  it("[RP13] a match that asks no more, or is over, gets nobody", async () => {
    const [ada, bob] = await pair();
    await bob.room.leave();
    expect(await heard(ada, 0)).toBe("");
    // Another room's later wish was heard, and so was this.
    const [cold, gone] = await pair("ice");
    await gone.room.leave();
    expect((await play("ice").seated).roomId).toBe(cold.roomId);
    const [one, two] = await pair();
    expect([one.roomId, two.roomId]).toEqual([one.roomId, one.roomId]);
    expect(one.roomId).not.toBe(ada.roomId);
    await two.room.leave();
    one.room.send("finish");
    const [three, four] = await pair();
    expect(four.roomId).toBe(three.roomId);
    expect([ada.roomId, one.roomId]).not.toContain(three.roomId);
  });

  it("[RP11] what a room may not ask for it is told", async () => {
    const [ada] = await pair();
    expect(await heard(ada, [2, 0])).toContain("team 0 has 1 seats");
    expect(await heard(ada, [1])).toContain("each of the 2 teams");
    const [cy] = await pair("dust", "closed");
    expect(await heard(cy, [1, 0])).toContain("backfill: true");
  });

  /** What the room's `backfill(free)` said. */
  async function heard({ room }: Sitting, free: unknown): Promise<string> {
    const answer = hears<string>(room, "wanted");
    room.send("want", free);
    return answer;
  }
});
