import { setTimeout as sleep } from "node:timers/promises";
import { createSystemClock } from "@frontrow/shared/system-clock.ts";
import { expect, it, vi } from "vitest";
import * as z from "zod";
import { createMatchmaker, type FrontrowError, type Match, match } from "../index.ts";

const duel = match({ teams: [{ seats: 1 }, { seats: 1 }], holdMs: 0 });
const squads = match({ teams: [{ seats: 2 }, { seats: 2 }], holdMs: 0 });
const modes = { duel, squads };
const refusedWith = (code: string) => expect.objectContaining({ refusal: expect.objectContaining({ code }) });
const alone = (id: string) => ({ mode: "duel" as const, players: [{ id }] });

it("[EM1] two submitted players meet, and each has the connection that place() gave", async () => {
  await using mm = createMatchmaker({
    modes,
    place: ({ id, teams }) => Object.fromEntries(teams.flat().map((player) => [player.id, `${id}/${player.id}`])),
  });
  const announced: Match<string>[] = [];
  mm.on("match", (found) => announced.push(found));
  const [ada, bob] = [mm.submit(alone("ada")), mm.submit(alone("bob"))];
  const found = await ada.matched;
  expect(await bob.matched).toBe(found);
  expect(announced).toEqual([found]);
  expect(found).toMatchObject({ mode: "duel", metro: "local", bots: [0, 0], quality: { spread: 0 } });
  const seats = found.teams.map((team) => team.map(({ id, connection }) => [id, connection]));
  expect(seats.flat().sort()).toEqual([
    ["ada", `${found.id}/ada`],
    ["bob", `${found.id}/bob`],
  ]);
  expect(found.why.length).toBeGreaterThan(0);
  expect(mm.stats().tickets).toBe(0);
});

it("[EM1] without place() matches are announced all the same, and a party stays in one team", async () => {
  await using mm = createMatchmaker({ modes });
  const party = mm.submit({ mode: "squads", players: [{ id: "ada" }, { id: "bob" }] });
  const others = ["cy", "dee"].map((id) => mm.submit({ mode: "squads", players: [{ id }] }));
  const { teams } = await party.matched;
  await Promise.all(others.map((each) => each.matched));
  const names = teams.map((team) => team.map(({ id }) => id).sort());
  expect(names).toContainEqual(["ada", "bob"]);
  expect(names).toContainEqual(["cy", "dee"]);
});

it("[EM2] a place() that throws places nobody: the tickets keep their age and meet again", async () => {
  let tries = 0;
  await using mm = createMatchmaker({
    modes,
    place({ teams }) {
      if (++tries === 1) throw new Error("no machine");
      return Object.fromEntries(teams.flat().map(({ id }) => [id, tries]));
    },
  });
  const errors: unknown[] = [];
  mm.on("error", (error) => errors.push(error));
  const ada = mm.submit(alone("ada"));
  const startedMs = performance.now();
  mm.submit(alone("bob"));
  const { teams, quality } = await ada.matched;
  expect(teams.flat().map(({ connection }) => connection)).toEqual([2, 2]);
  expect(errors).toEqual([new Error("no machine")]);
  expect(quality.waitMs).toBeGreaterThan(performance.now() - startedMs - 200);
});

it("[EM2] a place() that forgets a player places nobody", async () => {
  let tries = 0;
  await using mm = createMatchmaker({
    modes,
    place: ({ teams }) =>
      Object.fromEntries(
        teams
          .flat()
          .slice(++tries === 1 ? 1 : 0)
          .map(({ id }) => [id, tries]),
      ),
  });
  const errors: unknown[] = [];
  mm.on("error", (error) => errors.push(error));
  const ada = mm.submit(alone("ada"));
  mm.submit(alone("bob"));
  expect((await ada.matched).teams.flat().map(({ connection }) => connection)).toEqual([2, 2]);
  expect(String(errors[0])).toMatch(/place\(\) has nothing for player (ada|bob)/);
});

it("[EM3] a place() that takes longer than tickets stay locked seats its match, once", async () => {
  const asked: string[] = [];
  await using mm = createMatchmaker({
    modes,
    limits: { ticketLockMs: 400, redisCommandMs: 50, settleRetryMs: 50 },
    async place({ id, teams }) {
      asked.push(id);
      await sleep(1_500);
      return Object.fromEntries(teams.flat().map((player) => [player.id, id]));
    },
  });
  const [ada, bob] = [mm.submit(alone("ada")), mm.submit(alone("bob"))];
  const found = await ada.matched;
  expect(await bob.matched).toBe(found);
  expect(asked).toEqual([found.id]);
});

it("[EM3] a place() that is over its time is told so, and its match goes again", async () => {
  let aborted = 0;
  let tries = 0;
  await using mm = createMatchmaker({
    modes,
    placeMs: 100,
    async place({ teams }, { signal }) {
      if (++tries === 1) {
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        aborted++;
      }
      return Object.fromEntries(teams.flat().map(({ id }) => [id, tries]));
    },
  });
  mm.on("error", () => {});
  const ada = mm.submit(alone("ada"));
  mm.submit(alone("bob"));
  expect((await ada.matched).teams.flat()[0]!.connection).toBe(2);
  expect(aborted).toBe(1);
});

it("[EM4] a cancelled ticket rejects, is matched with nobody, and an unwatched rejection harms nobody", async () => {
  await using mm = createMatchmaker({ modes });
  const states: string[] = [];
  mm.on("ticket", ({ ticket, news }) => states.push(`${ticket.playerIds} ${news.state}`));
  const ada = mm.submit(alone("ada"));
  await vi.waitFor(() => expect(mm.explain(ada.id)?.length).toBeGreaterThan(0));
  expect(mm.find(ada.id)).toBe(ada);
  mm.cancel(ada.id);
  await expect(ada.matched).rejects.toEqual(refusedWith("CANCELLED"));
  const bob = mm.submit(alone("bob"));
  await vi.waitFor(() => expect(mm.explain(bob.id)?.length).toBeGreaterThan(0));
  expect(mm.explain(ada.id)).toBeUndefined();
  expect(mm.find(ada.id)).toBeUndefined();
  expect(states).toContain("ada ended");
  expect(mm.stats()).toMatchObject({ tickets: 1, pools: [{ mode: "duel", players: 1 }] });
});

it("[EM4] the newest ticket of a player counts, and the older one is SUPERSEDED", async () => {
  await using mm = createMatchmaker({ modes });
  const older = mm.submit(alone("ada"));
  await vi.waitFor(() => expect(mm.explain(older.id)).toBeDefined());
  mm.submit(alone("ada"));
  await expect(older.matched).rejects.toEqual(refusedWith("SUPERSEDED"));
});

it("[HA24] a ticket with the receipt of an earlier one is as old as that was, and nobody else's", async () => {
  await using mm = createMatchmaker({ modes });
  const first = mm.submit(alone("ada"));
  await vi.waitFor(() => expect(first.news.receipt).toBeDefined());
  await sleep(1_000);
  const { receipt } = first.news;
  first.cancel();
  const again = mm.submit({ ...alone("ada"), receipt });
  const stranger = mm.submit({ ...alone("bob"), receipt });
  expect((await again.matched).quality.waitMs).toBeGreaterThan(900);
  await stranger.matched;
  const young = mm.submit({ ...alone("cy"), receipt });
  mm.submit(alone("dee"));
  expect((await young.matched).quality.waitMs).toBeLessThan(900);
});

it("[EM5] a wish that is none throws what is wrong with it, and holds nothing", async () => {
  const roles = match({
    teams: [
      {
        seats: 2,
        roles: [
          { name: "tank", min: 1, max: 1 },
          { name: "healer", min: 1, max: 1 },
        ],
      },
    ],
    options: z.object({ map: z.string().max(4).optional(), role: z.string().optional() }),
    allowedMetros: ["fra"],
  });
  const strict = match({
    teams: [{ seats: 1, roles: [{ name: "tank", min: 0, max: 1 }] }, { seats: 1 }],
    options: z.object({}),
  });
  await using mm = createMatchmaker({ modes: { ...modes, roles, strict }, metro: "fra" });
  // biome-ignore lint/suspicious/noExplicitAny: what plain JavaScript may say
  const submit = (submission: any) => () => mm.submit(submission);
  expect(submit({ mode: "duell", players: [{ id: "a" }] })).toThrow('Did you mean "duel"?');
  expect(submit({ mode: "duel", players: [] })).toThrow(refusedWith("BAD_REQUEST"));
  const issuesOf = (run: () => unknown) => {
    try {
      run();
    } catch (error) {
      return (error as FrontrowError).refusal.issues;
    }
    return undefined;
  };
  expect(issuesOf(submit({ mode: "squads", players: [{ id: "a" }, { id: "a" }, { id: "" }] }))).toEqual([
    "players: a party of this mode has at most 2, not 3",
    'players.1.id: "a" is named twice',
    "players.2.id: 1 to 64 characters",
  ]);
  expect(issuesOf(submit({ mode: "roles", players: [{ id: "a", role: "tonk" }] }))).toEqual([
    'players.0.role: roles of this mode are tank, healer, not "tonk"',
  ]);
  expect(submit({ mode: "strict", players: [{ id: "a", role: "tank" }] })).toThrow("have no `role`");
  expect(submit({ mode: "roles", players: [{ id: "a" }], attributes: { map: "too long" } })).toThrow(
    refusedWith("INVALID_ATTRIBUTES"),
  );
  expect(submit({ ...alone("a"), metros: { Fra: 1, ams: -1 } })).toThrow(refusedWith("BAD_REQUEST"));
  expect(submit({ mode: "roles", players: [{ id: "a" }], metros: { ams: 4 } })).toThrow(refusedWith("NO_METRO"));
  expect(submit({ ...alone("a"), avoid: Array.from({ length: 17 }, (_, at) => `${at}`) })).toThrow(
    refusedWith("BAD_REQUEST"),
  );
  expect(mm.stats().tickets).toBe(0);
});

it("[EM5] modes that cannot match are refused with every problem", () => {
  expect(() => createMatchmaker({ modes: {} })).toThrow("at least one");
  // biome-ignore lint/suspicious/noExplicitAny: what plain JavaScript may say
  const bad: any = { a: { kind: "fill", seats: 2 }, b: { kind: "match", teams: [{ seats: 1 }] } };
  expect(() => createMatchmaker({ modes: bad })).toThrow(
    /modes\.a: only match modes.*\n.*modes\.b\.teams: a match of one/,
  );
});

it("[EM6] a ready check is answered by the server; who is declined for ends, the other waits on", async () => {
  const checked = match({ teams: [{ seats: 1 }, { seats: 1 }], holdMs: 0, readyCheckMs: 5_000 });
  await using mm = createMatchmaker({ modes: { checked } });
  const [ada, bob, cy] = ["ada", "bob", "cy"].map((id) => mm.submit({ mode: "checked", players: [{ id }] })) as [
    ReturnType<typeof mm.submit>,
    ReturnType<typeof mm.submit>,
    ReturnType<typeof mm.submit>,
  ];
  expect(() => ada.ready(true)).toThrow(refusedWith("NOT_ASKED"));
  const all = [ada, bob, cy];
  const asked = () => all.filter(({ news }) => news.state === "asked");
  await vi.waitFor(() => expect(asked()).toHaveLength(2));
  const [decliner, accepter] = asked() as [typeof ada, typeof ada];
  accepter.ready(true);
  decliner.ready(false);
  await expect(decliner.matched).rejects.toEqual(refusedWith("DECLINED"));
  const rest = all.filter((each) => each !== decliner);
  await vi.waitFor(() => expect(rest.every(({ news }) => news.state === "asked")).toBe(true), 5_000);
  for (const each of rest) each.ready(true);
  expect(await rest[0]!.matched).toBe(await rest[1]!.matched);
});

it("[EM7] while a mode is paused nobody is placed, and afterwards the same tickets are", async () => {
  await using mm = createMatchmaker({ modes });
  await mm.setPaused("duel", true);
  const ada = mm.submit(alone("ada"));
  mm.submit(alone("bob"));
  const released = vi.fn();
  mm.on("match", released);
  await sleep(400);
  expect(released).not.toHaveBeenCalled();
  await mm.setPaused("duel", false);
  await ada.matched;
});

it("[EM8] a reported result changes ratings once, and the leaderboard shows it", async () => {
  await using mm = createMatchmaker({ modes });
  const ada = mm.submit(alone("ada"));
  mm.submit(alone("bob"));
  const { id } = await ada.matched;
  const result = { matchId: id, ranks: { ada: 1, bob: 2 }, left: [] };
  await vi.waitFor(async () => expect(await mm.report(result)).toBe("APPLIED"));
  expect(await mm.report(result)).toBe("ALREADY");
  expect(await mm.report({ ...result, matchId: "none" })).toBe("UNKNOWN");
  const board = await mm.leaderboard({ mode: "duel", limit: 10, offset: 0 });
  // A board may want more than one match of a player; then it is empty, and never the wrong way round.
  expect(board.map(({ playerId }) => playerId)).toEqual(board.length > 0 ? ["ada", "bob"] : []);
  await expect(mm.leaderboard({ mode: "duels", limit: 10, offset: 0 })).rejects.toEqual(refusedWith("UNKNOWN_MODE"));
});

it("[EM9] a listener that throws is told about and keeps nobody from the match", async () => {
  await using mm = createMatchmaker({ modes });
  const said = vi.spyOn(console, "error").mockImplementation(() => {});
  mm.on("match", () => {
    throw new Error("mine");
  });
  const heard = vi.fn();
  const off = mm.on("match", heard);
  const ada = mm.submit(alone("ada"));
  mm.submit(alone("bob"));
  await ada.matched;
  expect(heard).toHaveBeenCalledTimes(1);
  expect(said).toHaveBeenCalledWith(new Error("mine"));
  off();
  const cy = mm.submit(alone("cy"));
  mm.submit(alone("dee"));
  await cy.matched;
  expect(heard).toHaveBeenCalledTimes(1);
  said.mockRestore();
});

it("[EM10] closing ends every ticket with CANCELLED, and leaves no timer behind", async () => {
  const clock = createSystemClock();
  const waiting = new Set<() => void>();
  const counted: typeof clock = {
    ...clock,
    after(ms, due) {
      const stop = clock.after(ms, () => {
        waiting.delete(stop);
        due();
      });
      waiting.add(stop);
      return () => {
        waiting.delete(stop);
        stop();
      };
    },
  };
  const mm = createMatchmaker({ modes, clock: counted, place: ({ teams }) => ({ ada: teams, bob: teams }) });
  const first = mm.submit(alone("ada"));
  mm.submit(alone("bob"));
  await first.matched;
  const ada = mm.submit(alone("ada"));
  expect(waiting.size).toBeGreaterThan(0);
  await mm[Symbol.asyncDispose]();
  await expect(ada.matched).rejects.toEqual(refusedWith("CANCELLED"));
  expect(() => mm.submit(alone("bob"))).toThrow(refusedWith("CANCELLED"));
  expect(waiting.size).toBe(0);
});
