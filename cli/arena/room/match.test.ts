import { attachToTestRoom, type Client } from "@colyseus/core";
import { bindMatch, type MatchPlugin, type Results, type SeatedPlayer } from "@frontrow/game-server/plugin.ts";
import { expect, it, vi } from "vitest";
import { DuelRoom, SquadsRoom } from "./match.ts";
import { DUEL, STEP_S } from "./rules.ts";

/** The room without a server around it, stepped by hand. `seats` says who sits down on which team, by session id. */
function createMatch(room: DuelRoom | SquadsRoom, bots: number[], seats: Record<string, number>) {
  const finish = vi.fn(async (_results: Results) => {});
  let step = () => {};
  room.setFixedTimestep = (act) => {
    step = act as () => void;
  };
  room.broadcastPatch = vi.fn(() => true);
  Object.assign(room, { inputs: { get: () => ({ take: () => [] }) } });
  const player = (id: string) => ({ playerId: `player-${id}`, team: seats[id] }) as SeatedPlayer;
  const info = { mode: "", match: "m", bots, private: false, code: undefined, seats: 2 } as const;
  bindMatch(room, { info, player, finish, backfill: () => {}, allowSpectators: () => {}, onDrain: () => {} });
  attachToTestRoom(room.plugins.match as unknown as MatchPlugin, room);
  room.onCreate();
  const clientOf = (sessionId: string) => ({ sessionId }) as Client;
  for (const id of Object.keys(seats)) room.onJoin(clientOf(id), { name: id });
  let nowMs = 0;
  vi.spyOn(room.clock, "elapsedTime", "get").mockImplementation(() => nowMs);
  return {
    finish,
    leave: (id: string) => room.onLeave(clientOf(id)),
    run(steps: number) {
      for (let i = 0; i < steps; i++) {
        nowMs += STEP_S * 1_000;
        step();
      }
    },
  };
}

it("[AR17] players and bots are on the teams that the matchmaker chose", () => {
  const room = new SquadsRoom();
  createMatch(room, [4, 3], { ada: 0, grace: 1, alan: 1 });
  const ships = [...room.state.ships.values()];
  const named = ships.filter(({ bot }) => !bot).map(({ name, team }) => `${name} ${team}`);
  expect(named).toEqual(["ada 1", "grace 2", "alan 2"]);
  expect([1, 2].map((team) => ships.filter((ship) => ship.bot && ship.team === team).length)).toEqual([4, 3]);
  expect(new Set(ships.map(({ team, look }) => `${team} ${look}`)).size).toBe(2);
  expect(new Set(ships.map(({ name }) => name)).size).toBe(10);
});

it("[AR17] the end is told to the players first, then to the matchmaker, once, with everybody who came", () => {
  const room = new DuelRoom();
  const match = createMatch(room, [], { ada: 0, grace: 1 });
  match.run(1);
  expect(match.finish).not.toHaveBeenCalled();
  room.state.scores[1] = DUEL.toWin;
  match.run(3);
  expect([room.state.over, room.state.winner]).toEqual([true, 2]);
  expect(match.finish.mock.calls).toEqual([[{ ranks: { "player-ada": 2, "player-grace": 1 } }]]);
  const [told] = vi.mocked(room.broadcastPatch).mock.invocationCallOrder;
  expect(told).toBeLessThan(match.finish.mock.invocationCallOrder[0]!);
  match.leave("ada");
  match.leave("grace");
  expect(match.finish).toHaveBeenCalledOnce();
});

it("[AR17] who leaves a duel has lost it at once", () => {
  const room = new DuelRoom();
  const match = createMatch(room, [], { ada: 0, grace: 1 });
  match.leave("ada");
  expect(match.finish.mock.calls).toEqual([[{ ranks: { "player-ada": 2, "player-grace": 1 } }]]);
});

it("[AR17] a duel that nobody won in its time is a draw", () => {
  const room = new DuelRoom();
  const match = createMatch(room, [], { ada: 0, grace: 1 });
  match.run(DUEL.lengthMs / (STEP_S * 1_000) - 1);
  expect(match.finish).not.toHaveBeenCalled();
  match.run(1);
  expect(match.finish.mock.calls).toEqual([[{ ranks: { "player-ada": 1, "player-grace": 1 } }]]);
});
