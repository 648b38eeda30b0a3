/** Parties as players meet them: the SDK, real sockets, `frontrow dev`; the way to the edge can be cut. */
import {
  createClient,
  type Failure,
  type FrontrowClient,
  type Party,
  type PartyCall,
  type Played,
  type PlayResult,
  type TicketState,
} from "@frontrow/client";
import { type DelayProxy, startDelayProxy } from "frontrow/dev/delay-proxy.ts";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type FrontrowProcess, startFrontrow } from "../support/frontrow.ts";
import type config from "../support/party.config.ts";

const CONFIG = new URL("../support/party.config.ts", import.meta.url).pathname;
const SOON = { timeout: 8_000, interval: 20 };
type Config = typeof config;

describe("a party", () => {
  let dev: FrontrowProcess;
  let way: DelayProxy;
  const clients: FrontrowClient<Config>[] = [];
  const rooms: Played<unknown>[] = [];
  const told = new Map<string, { playerId: string; team: number; match: string; options: unknown }>();
  beforeAll(async () => {
    dev = await startFrontrow("dev", { env: { FRONTROW_CONFIG: CONFIG } });
    way = await startDelayProxy({ port: 0, target: { host: "127.0.0.1", port: dev.port }, roundTripMs: 0 });
  }, 60_000);
  afterEach(async () => {
    await Promise.all(rooms.splice(0).map(({ room }) => room.leave()));
    for (const client of clients.splice(0)) client.close();
  });
  afterAll(async () => {
    await way?.close();
    await dev?.end("SIGKILL");
  });

  function newClient(options: Partial<Parameters<typeof createClient>[0]> = {}): FrontrowClient<Config> {
    const client = createClient<Config>({ url: dev.url, ...options });
    clients.push(client);
    return client;
  }
  const inIt = (party: Party<Config> | Failure): Party<Config> => {
    if (!party.ok) throw new Error(`${party.code}: ${party.message}`);
    return party;
  };
  async function seated(playing: Promise<PlayResult>): Promise<Played<unknown>> {
    const played = await playing;
    if (!played.ok) throw new Error(`${played.code}: ${played.message}`);
    rooms.push(played);
    played.room.onMessage("you", (you) => void told.set(played.room.sessionId, you));
    played.room.send("who");
    return played;
  }
  const who = ({ room }: Played<unknown>) => vi.waitUntil(() => told.get(room.sessionId), SOON);
  /** A party of its maker and of one more, over a way of his own. */
  async function two(url = dev.url) {
    const ada = inIt(await newClient().createParty());
    const ben = inIt(await newClient({ url, wire: "json" }).joinParty(ada.code));
    const calls: PartyCall<Config>[] = [];
    ben.onPlay((call) => void calls.push(call));
    await vi.waitFor(() => expect(ada.members).toHaveLength(2), SOON);
    return { ada, ben, calls };
  }
  const seen = ({ members }: Party<Config>) =>
    members.map(({ leader, ready, me }) => `${me ? "me" : "they"}${leader ? "*" : ""}${ready ? "+" : ""}`).join(" ");
  const shows = (party: Party<Config>, text: string) => vi.waitFor(() => expect(seen(party)).toBe(text), SOON);

  it("[PY14] is made, joined with its code as a person types it, and shown to everybody as it changes", async () => {
    const ada = inIt(await newClient().createParty());
    expect(ada.code).toMatch(/^LOCAL-[0-9A-Z]{8}$/);
    expect(seen(ada)).toBe("me*");
    const changes: string[] = [];
    ada.onChange((party) => void changes.push(seen(party)));
    const ben = inIt(await newClient({ wire: "json" }).joinParty(ada.code.toLowerCase().replace("-", " ")));
    expect(seen(ben)).toBe("they* me");
    ben.ready();
    await shows(ada, "me* they+");
    ben.ready(false);
    await shows(ada, "me* they");
    ben.leave();
    await shows(ada, "me*");
    expect(changes).toEqual(["me* they", "me* they+", "me* they", "me*"]);
    expect(ben.over).toMatchObject({ ok: false, code: "CANCELLED" });
  });

  it("[PY14] plays when its leader says so: each has a seat of his own, one room, one team, his own options", async () => {
    const { ada, ben, calls } = await two();
    ben.ready(true, { options: { role: "healer" } });
    await shows(ada, "me* they+");
    const first = await seated(ada.play("squads", { options: { role: "tank" } }));
    await vi.waitFor(() => expect(calls).toHaveLength(1), SOON);
    expect(calls[0]!.mode).toBe("squads");
    const second = await seated(calls[0]!.played);
    expect(second.roomId).toBe(first.roomId);
    const [one, other] = [await who(first), await who(second)];
    expect([other.match, other.team]).toEqual([one.match, one.team]);
    expect([one.options, other.options]).toEqual([{ role: "tank" }, { role: "healer" }]);
    await shows(ada, "me* they");
  });

  it("[PY14] every member answers a ready check himself", async () => {
    const { ada, ben, calls } = await two();
    ben.ready();
    await shows(ada, "me* they+");
    const accept = (state: TicketState) => state.ready?.(true);
    const playing = seated(ada.play("checked", { onState: accept }));
    await vi.waitFor(() => expect(calls).toHaveLength(1), SOON);
    calls[0]!.onState(accept);
    const [first, second] = await Promise.all([playing, seated(calls[0]!.played)]);
    expect(second.roomId).toBe(first.roomId);
  });

  it("[PY14] what goes wrong is a failure with a code, and the party stays", async () => {
    const { ada, ben, calls } = await two();
    expect(await ada.play("squads")).toMatchObject({ ok: false, code: "PARTY_NOT_READY" });
    expect(await ben.play("squads")).toMatchObject({ ok: false, code: "NOT_LEADER" });
    expect(await newClient().joinParty("LOCAL-00000000")).toMatchObject({ ok: false, code: "CODE_UNKNOWN" });
    expect(await newClient().joinParty("?")).toMatchObject({ ok: false, code: "CODE_UNKNOWN" });
    ben.ready(true, { options: { role: "x".repeat(600) as "tank" } });
    await vi.waitFor(() => expect(ben.refused?.code).toBe("INVALID_ATTRIBUTES"), SOON);
    ben.ready(true, { options: {} });
    await shows(ada, "me*+ they+");
    const playing = ada.play("lonely");
    await vi.waitFor(() => expect(calls).toHaveLength(1), SOON);
    calls[0]!.cancel();
    expect(await calls[0]!.played).toMatchObject({ ok: false, code: "CANCELLED" });
    expect(await playing).toMatchObject({ ok: false, code: "PARTY_CHANGED" });
    await shows(ada, "me*+ they");
  });

  it("[PY14] a member that does not listen to calls declines them; a signal takes the leader's wish back", async () => {
    const ada = inIt(await newClient().createParty());
    const ben = inIt(await newClient().joinParty(ada.code));
    ben.ready();
    await shows(ada, "me* they+");
    expect(await ada.play("lonely")).toMatchObject({ ok: false, code: "PARTY_CHANGED" });
    ben.leave();
    await shows(ada, "me*+");
    const stop = new AbortController();
    const playing = ada.play("lonely", { signal: stop.signal });
    stop.abort();
    expect(await playing).toMatchObject({ ok: false, code: "CANCELLED" });
  });

  it("[PY7] [PY14] a lost connection is made anew, and the party goes on with the same leader", async () => {
    const url = `http://127.0.0.1:${way.port}`;
    const ada = inIt(await newClient({ url }).createParty());
    const ben = inIt(await newClient().joinParty(ada.code));
    const calls: PartyCall<Config>[] = [];
    ben.onPlay((call) => void calls.push(call));
    await shows(ada, "me* they");
    const before = ada.members[0]!.playerId;
    const playing = ada.play("lonely");
    expect(await playing).toMatchObject({ code: "PARTY_NOT_READY" });
    way.cut();
    // A guest has another name on every connection.
    await vi.waitFor(() => expect(ada.members[0]).toMatchObject({ me: true, leader: true }), SOON);
    await vi.waitFor(() => expect(ada.members[0]!.playerId).not.toBe(before), SOON);
    await shows(ben, "they* me");
    ben.ready();
    await shows(ada, "me* they+");
    const [first] = await Promise.all([
      seated(ada.play("squads")),
      vi.waitFor(() => expect(calls).toHaveLength(1), SOON),
    ]);
    expect((await seated(calls[0]!.played)).roomId).toBe(first.roomId);
  });

  it("[PY5] [PY14] whose connection is lost while everybody waits ends the others' tickets", async () => {
    const { ada, ben, calls } = await two(`http://127.0.0.1:${way.port}`);
    ben.ready();
    await shows(ada, "me* they+");
    const playing = ada.play("lonely");
    await vi.waitFor(() => expect(calls).toHaveLength(1), SOON);
    way.cut();
    expect(await playing).toMatchObject({ ok: false, code: "PARTY_CHANGED" });
    expect(await calls[0]!.played).toMatchObject({ ok: false, code: "EDGE_UNREACHABLE" });
    await shows(ada, "me*+ they");
  });

  it("[PY14] is over for a client that is closed, and the others see it go", async () => {
    const ada = inIt(await newClient().createParty());
    const leaver = newClient();
    const ben = inIt(await leaver.joinParty(ada.code));
    await shows(ada, "me* they");
    leaver.close();
    expect(ben.over).toMatchObject({ ok: false, code: "CANCELLED" });
    expect(await ben.play("squads")).toMatchObject({ ok: false, code: "NOT_IN_PARTY" });
    await shows(ada, "me*");
  });
});
