/**
 * A match of two teams: an ordinary Colyseus room on the arena's step. The matchmaker says who is on which team and which seats
 * bots take (`MatchPlugin`); the room says who won (`finish`), which closes it for everybody.
 */
import { type Client, definePlugins, Room } from "@colyseus/core";
import { REWIND_MAX_MS } from "@frontrow/game-server/hot/as-seen.ts";
import { MatchPlugin } from "@frontrow/game-server/plugin.ts";
import { createBots } from "./bots.ts";
import { JoinOptions } from "./join-options.ts";
import { stepMatch, winnerOf } from "./match-step.ts";
import { DUEL, KEEP_PLACE_S, type MatchGoal, SHIP, SQUADS, TEAM_LOOKS, TICK_HZ } from "./rules.ts";
import { launch } from "./ships.ts";
import { createShipSight } from "./sight.ts";
import { ArenaInput, type Intent, MatchState } from "./state.ts";

abstract class MatchRoom extends Room<{ state: MatchState; input: ArenaInput }> {
  protected abstract readonly goal: MatchGoal;
  override state = new MatchState();
  override plugins = definePlugins([new MatchPlugin()]);
  override inputs = this.defineInput(ArenaInput, { bufferMaxSize: 2 * (1 + SHIP.arrears) });
  readonly #bots = createBots(this.state, Math.random);
  readonly #rewind = this.allowRewindState({ maxRewindMs: REWIND_MAX_MS });
  readonly #ships = createShipSight(this, this.#rewind);
  /** Everybody who ever sat here, for the result. */
  readonly #teamOf = new Map<string, number>();
  readonly #came = new Set<number>();
  #fired = 0;

  override onCreate(): void {
    const { toWin, lengthMs } = this.goal;
    this.#rewind.attachAll(this.state.ships, { fields: ["x", "y"] });
    this.state.scores.push(...TEAM_LOOKS.map(() => 0));
    Object.assign(this.state, { toWin, endsMs: lengthMs });
    this.plugins.match.info.bots.forEach((count, index) => {
      for (let i = 0; i < count; i++) {
        this.#bots.add(this.#bots.size, { look: TEAM_LOOKS[index]!, team: index + 1 });
        this.#came.add(index + 1);
      }
    });
    this.setFixedTimestep(() => this.#step(), TICK_HZ);
  }

  override onJoin(client: Client, options?: unknown): void {
    const { playerId, team: index = this.#smallerTeam() } = this.plugins.match.player(client);
    const team = index + 1;
    const name = JoinOptions.safeParse(options).data?.name ?? `Player ${this.#teamOf.size + 1}`;
    launch(this.state, client.sessionId, { name, look: TEAM_LOOKS[index]!, bot: false, team });
    this.#teamOf.set(playerId, team);
    this.#came.add(team);
  }

  override onDrop(client: Client): void {
    // Rejects when the place is not taken up again; `onLeave` follows then.
    this.allowReconnection(client, KEEP_PLACE_S).catch(() => {});
  }

  override onLeave(client: Client): void {
    this.state.ships.delete(client.sessionId);
    // Without its ship nobody could tell whom a shot must not hurt.
    for (const [id, { owner }] of [...this.state.shots.entries()]) {
      if (owner === client.sessionId) this.state.shots.delete(id);
    }
    this.#judge();
  }

  #step(): void {
    if (this.state.over) return;
    stepMatch(this.state, {
      nowMs: this.#nowMs(),
      take: (id, limit) => this.#take(id, limit),
      newShotId: () => `${this.#fired++}`,
      sight: (id) => ({ agoMs: this.#ships.agoMs(id), agoSteps: 0 }),
      targets: { shipAt: this.#ships.shipAt },
    });
    this.#judge();
  }

  #judge(): void {
    const winner = this.state.over ? undefined : winnerOf(this.state, this.#came, this.#nowMs());
    if (winner === undefined) return;
    Object.assign(this.state, { over: true, winner });
    // The last patch says how it ended; `finish` closes the connections behind it.
    this.broadcastPatch();
    const rankOf = (team: number) => (winner === 0 || team === winner ? 1 : 2);
    const ranks = Object.fromEntries([...this.#teamOf].map(([playerId, team]) => [playerId, rankOf(team)]));
    void this.plugins.match.finish({ ranks });
  }

  #take(id: string, limit: number): readonly Intent[] {
    const intent = this.#bots.intent(id);
    return intent ? [intent] : this.inputs.get(id).take(limit);
  }

  #nowMs(): number {
    return Math.round(this.clock.elapsedTime);
  }

  /** Where no matchmaker says whose team a player is on, such as in a plain Colyseus server. */
  #smallerTeam(): number {
    const ships = [...this.state.ships.values()];
    const sizes = TEAM_LOOKS.map((_look, index) => ships.filter(({ team }) => team === index + 1).length);
    return sizes.indexOf(Math.min(...sizes));
  }
}

export class DuelRoom extends MatchRoom {
  protected override readonly goal: MatchGoal = DUEL;
}

export class SquadsRoom extends MatchRoom {
  protected override readonly goal: MatchGoal = SQUADS;
}
