import { describe, expect, it } from "vitest";
import { stepMatch, winnerOf } from "./match-step.ts";
import { createPilot } from "./pilot.ts";
import { BERTHS, COME_WITHIN_MS, DUEL, SHIP, STEP_S, sideOf, WORLD } from "./rules.ts";
import { launch } from "./ships.ts";
import { type Intent, MatchState } from "./state.ts";

const STEP_MS = STEP_S * 1_000;
const still: Intent = { x: 0, y: 0, aim: 0, fire: false };

/** A match of two teams; who is told to `fire` shoots along its aim in every step. */
function createMatch({ toWin, lengthMs } = DUEL) {
  const state = new MatchState();
  state.scores.push(0, 0);
  Object.assign(state, { toWin, endsMs: lengthMs });
  const firing = new Set<string>();
  const came = new Set<number>();
  let [nowMs, shots] = [0, 0];
  return {
    state,
    came,
    ship(id: string, team: number, at?: { x: number; y: number }) {
      came.add(team);
      return Object.assign(launch(state, id, { name: id, look: 0, bot: false, team }), { wait: 0 }, at);
    },
    fire: (id: string) => firing.add(id),
    run(steps: number) {
      for (let i = 0; i < steps; i++) {
        nowMs += STEP_MS;
        const take = (id: string) => [{ ...still, fire: firing.has(id) }];
        stepMatch(state, { nowMs, take, newShotId: () => `${shots++}` });
      }
    },
    winner: (atMs = nowMs) => winnerOf(state, came, atMs),
  };
}

describe("teams", () => {
  it("[AR15] a shot passes through a team mate and hits the foe behind", () => {
    const match = createMatch();
    match.ship("shooter", 1, { x: 500, y: 60 });
    const mate = match.ship("mate", 1, { x: 600, y: 60 });
    const foe = match.ship("foe", 2, { x: 700, y: 60 });
    match.fire("shooter");
    match.run(10);
    expect(mate.health).toBe(SHIP.health);
    expect(foe.health).toBeLessThan(SHIP.health);
  });

  it("[AR15] a bot chases the foe, not the nearer team mate", () => {
    const match = createMatch();
    const bot = match.ship("bot", 1, { x: 500, y: 60 });
    match.ship("mate", 1, { x: 500, y: 160 });
    // With this dice it aims exactly at what it chases.
    const aimed = () => createPilot(() => 0.5)(bot, match.state).aim;
    const wandering = aimed();
    match.ship("foe", 2, { x: 800, y: 60 });
    expect(wandering).not.toBeCloseTo(Math.PI / 2);
    expect(aimed()).toBeCloseTo(0);
  });

  it("[AR15] each team comes, and comes back, on its own side", () => {
    const match = createMatch();
    const ships = Array.from({ length: 10 }, (_, index) => match.ship(`${index}`, (index % 2) + 1));
    const places = new Set(ships.map(({ x, y }) => `${x},${y}`));
    expect(places.size).toBe(10);
    const sidesOf = () => ships.map(({ x }) => (x < WORLD.width / 2 ? 1 : 2));
    expect(sidesOf()).toEqual(ships.map(({ team }) => team));
    for (const ship of ships) Object.assign(ship, { alive: false, wait: 1, x: WORLD.width / 2 });
    match.run(2);
    expect(sidesOf()).toEqual(ships.map(({ team }) => team));
    // Mirrored: no side has more berths than the other.
    expect(BERTHS.filter((place) => sideOf(place) === 1)).toHaveLength(BERTHS.filter((b) => sideOf(b) === 2).length);
  });
});

describe("the end", () => {
  it("[AR16] a wreck counts for the shooter's team, also after the shooter left", () => {
    const match = createMatch();
    match.ship("shooter", 2, { x: 500, y: 60 });
    match.ship("victim", 1, { x: 560, y: 60 }).health = 1;
    match.fire("shooter");
    match.run(6);
    expect([...match.state.scores]).toEqual([0, 1]);
    match.state.ships.delete("shooter");
    match.run(5);
    expect([...match.state.scores]).toEqual([0, 1]);
  });

  it("[AR16] the first team with so many wrecks has won", () => {
    const match = createMatch();
    match.ship("a", 1);
    match.ship("b", 2);
    match.state.scores[1] = DUEL.toWin - 1;
    expect(match.winner()).toBeUndefined();
    match.state.scores[1] = DUEL.toWin;
    expect(match.winner()).toBe(2);
  });

  it("[AR16] when the time is up the better team has won, and equal ones have drawn", () => {
    const match = createMatch();
    match.ship("a", 1);
    match.ship("b", 2);
    expect(match.winner(DUEL.lengthMs - 1)).toBeUndefined();
    expect(match.winner(DUEL.lengthMs)).toBe(0);
    match.state.scores[0] = 1;
    expect(match.winner(DUEL.lengthMs)).toBe(1);
  });

  it("[AR16] a team that everybody has left has lost, however it stood", () => {
    const match = createMatch();
    match.ship("a", 1);
    match.ship("b", 2);
    match.ship("c", 2);
    match.state.scores[1] = DUEL.toWin - 1;
    match.state.ships.delete("b");
    expect(match.winner()).toBeUndefined();
    match.state.ships.delete("c");
    expect(match.winner()).toBe(1);
  });

  it("[AR16] a team of which nobody has come yet is waited for, and then has lost", () => {
    const match = createMatch();
    match.ship("a", 1);
    expect(match.winner(COME_WITHIN_MS - 1)).toBeUndefined();
    expect(match.winner(COME_WITHIN_MS)).toBe(1);
  });
});
