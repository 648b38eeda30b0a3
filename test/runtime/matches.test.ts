/** Match modes as a player meets them: the SDK, real sockets, `frontrow dev`. */
import { createClient, type FrontrowClient, type Played, type TicketState } from "@frontrow/client";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type FrontrowProcess, startFrontrow } from "../support/frontrow.ts";
import type config from "../support/matches.config.ts";

const CONFIG = new URL("../support/matches.config.ts", import.meta.url).pathname;

describe("a match", () => {
  let dev: FrontrowProcess;
  const clients: FrontrowClient<typeof config>[] = [];
  const rooms: Played<unknown>[] = [];
  const seats = new Map<string, { team: number; match: string; bots: number[] }>();
  beforeAll(async () => {
    dev = await startFrontrow("dev", { env: { FRONTROW_CONFIG: CONFIG } });
  }, 60_000);
  afterEach(async () => {
    await Promise.all(rooms.splice(0).map(({ room }) => room.leave()));
    for (const client of clients.splice(0)) client.close();
  });
  afterAll(async () => void (await dev?.end("SIGKILL")));

  function player(wire: "msgpack" | "json" = "msgpack") {
    const client = createClient<typeof config>({ url: dev.url, wire });
    clients.push(client);
    const states: TicketState[] = [];
    const onState = (state: TicketState) => void states.push(state);
    return { client, states, onState, names: () => states.map(({ state }) => state) };
  }
  type Mode = "duel" | "ready" | "alone" | "brief";
  async function seated(playing: ReturnType<FrontrowClient<typeof config>["play"]>): Promise<Played<unknown>> {
    const played = await playing;
    if (!played.ok) throw new Error(`${played.code}: ${played.message}`);
    rooms.push(played);
    played.room.onMessage("you", (you) => void seats.set(played.room.sessionId, you));
    played.room.send("who");
    return played;
  }
  const told = ({ room }: Played<unknown>) => vi.waitUntil(() => seats.get(room.sessionId), { timeout: 5_000 });
  const waits = (one: ReturnType<typeof player>) =>
    vi.waitFor(() => expect(one.names()).toContain("waiting"), { timeout: 5_000 });

  it("[MT1] two who wait land in one room, in different teams of one match, over msgpack and JSON", async () => {
    const [ada, bob] = [player("msgpack"), player("json")];
    const first = seated(ada.client.play("duel", { onState: ada.onState }));
    await waits(ada);
    expect(ada.states.find(({ state }) => state === "waiting")).toMatchObject({ players: 1, metro: "local" });
    const [one, two] = await Promise.all([first, seated(bob.client.play("duel", { onState: bob.onState }))]);
    expect(two.roomId).toBe(one.roomId);
    const seats = await Promise.all([told(one), told(two)]);
    expect(seats.map(({ team }) => team).toSorted()).toEqual([0, 1]);
    expect(seats[0].match).toBe(seats[1].match);
    expect(ada.names().slice(-2)).toEqual(["placing", "joining"]);
    expect(one.why.length).toBeGreaterThan(0);
  });

  it("[MT2] attributes that must be the same keep others apart", async () => {
    const [ada, bob, cy] = [player(), player(), player()];
    const first = seated(ada.client.play("duel", { options: { map: "ice" }, onState: ada.onState }));
    await waits(ada);
    const second = seated(bob.client.play("duel", { onState: bob.onState }));
    await waits(bob);
    const third = await seated(cy.client.play("duel", { options: { map: "ice" } }));
    expect((await first).roomId).toBe(third.roomId);
    expect(bob.names()).not.toContain("placing");
    const fourth = await seated(player().client.play("duel"));
    expect((await second).roomId).toBe(fourth.roomId);
  });

  it("[MT3] a ready check asks both; who declines leaves, who accepted waits on and is asked again", async () => {
    const answer = (yes: boolean) => (state: TicketState) => state.ready?.(yes);
    const ada = player();
    const first = seated(
      ada.client.play("ready", {
        onState: (state) => {
          ada.onState(state);
          answer(true)(state);
        },
      }),
    );
    await waits(ada);
    const declined = await player().client.play("ready", { onState: answer(false) });
    expect(declined).toMatchObject({ ok: false, code: "DECLINED" });
    const other = await seated(player().client.play("ready", { onState: answer(true) }));
    expect((await first).roomId).toBe(other.roomId);
    expect(ada.names().filter((state) => state === "asked")).toHaveLength(2);
  });

  it("[MT4] alone, bots take the other seats after the mode's wait", async () => {
    const one = await seated(player().client.play("alone"));
    const { team, bots } = await told(one);
    expect(bots).toEqual(team === 0 ? [0, 1] : [1, 0]);
  });

  it("[MT5] a wait ends by its signal, by a newer wish, or with MATCH_TIMEOUT, and then nobody is matched with it", async () => {
    const cancelled = new AbortController();
    const ada = player();
    const first = ada.client.play("duel", { signal: cancelled.signal, onState: ada.onState });
    await waits(ada);
    cancelled.abort();
    expect(await first).toMatchObject({ ok: false, code: "CANCELLED" });
    const bob = player();
    const second = bob.client.play("duel", { onState: bob.onState });
    await waits(bob);
    const third = bob.client.play("brief");
    expect(await second).toMatchObject({ ok: false, code: "SUPERSEDED" });
    expect(await third).toMatchObject({ ok: false, code: "MATCH_TIMEOUT", retryable: true });
    const cy = player();
    const fourth = cy.client.play("duel", { onState: cy.onState });
    await waits(cy);
    expect(cy.states.find(({ state }) => state === "waiting")).toMatchObject({ players: 1 });
    cy.client.close();
    expect(await fourth).toMatchObject({ ok: false, code: "CANCELLED" });
  });

  it.each<[string, Mode, object, string]>([
    ["options of the wrong shape", "duel", { map: "lava" }, "INVALID_ATTRIBUTES"],
    ["options that are too large", "ready", { text: "x".repeat(600) }, "INVALID_ATTRIBUTES"],
    ["a mode that is none", "duels" as Mode, {}, "UNKNOWN_MODE"],
  ])("[MT6] %s end at once in a named error", async (_, mode, options, code) => {
    const refused = await player().client.play(mode, { options: options as never });
    expect(refused).toMatchObject({ ok: false, code });
  });

  it("[MT6] a match mode has no room to make", async () => {
    expect(await player().client.create("duel")).toMatchObject({ ok: false, code: "MODE_QUEUED" });
  });
});
