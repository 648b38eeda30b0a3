/**
 * The matchmaker inside somebody's own server: no edge, no Redis, no game server of ours unless asked for. Tickets are submitted by
 * the server for its players, matches come out as promises and events, and a `place` hook says where their players connect. Owner,
 * rounds and commit are the service's (`matches.ts`), in one process.
 */
import { randomBytes } from "node:crypto";
import { type ApiKey, parseApiKey } from "@frontrow/shared/config/api-keys.ts";
import { type MatchMode, type MatchModeInput, match, matchModeProblems } from "@frontrow/shared/config/match-mode.ts";
import { refusal } from "@frontrow/shared/errors.ts";
import { resolveLimits } from "@frontrow/shared/limits.ts";
import { base62 } from "@frontrow/shared/metro.ts";
import type { Json } from "@frontrow/shared/protocol/json.ts";
import type { Seat } from "@frontrow/shared/protocol/words.ts";
import { createSystemClock } from "@frontrow/shared/system-clock.ts";
import { createApi } from "../api/api.ts";
import type { OwnerEvent } from "../match/owner.ts";
import { readLeaderboard } from "../rating/leaderboard.ts";
import { createMemoryRatings } from "../rating/memory/memory.ts";
import { createClosableClock } from "./closable-clock.ts";
import { asError, createDesk } from "./desk.ts";
import type { DeskTicket, TicketEnd } from "./desk-ticket.ts";
import { createEngine } from "./engine.ts";
import { createEmitter } from "./events.ts";
import { createHookPlacer, foundMatch } from "./place-hook.ts";
import { matchModeNamed, type Submission } from "./submission.ts";
import type { Match, Matchmaker, MatchmakerEvents, MatchmakerOptions, Modes, Ticket } from "./words.ts";

const PLACE_MS = 10_000;

export function createMatchmaker<const M extends Modes>(
  options: MatchmakerOptions<M, never> & { gameServers: object },
): Matchmaker<M, Seat>;
export function createMatchmaker<const M extends Modes, Connection = undefined>(
  options: MatchmakerOptions<M, Connection>,
): Matchmaker<M, Connection>;
export function createMatchmaker<const M extends Modes, Connection>(
  options: MatchmakerOptions<M, Connection>,
): Matchmaker<M, Connection> {
  const { gameServers, metro = "local" } = options;
  const clock = createClosableClock(options.clock ?? createSystemClock());
  const modes = checkedModes(options.modes);
  const limits = resolveLimits(options.limits);
  const ratings = options.ratings ?? createMemoryRatings();
  const paused = new Set<string>();
  const tickets = new Map<string, Ticket<Connection>>();
  const found = new Map<string, PromiseWithResolvers<Match<Connection>>>();

  const threw = (error: unknown) => {
    // A listener of errors that throws itself is told to the console: telling it again would never end.
    if (!events.has("error")) return console.error(error);
    events.emit("error", error);
  };
  const events = createEmitter<MatchmakerEvents<Connection>>((error) => console.error(error));

  const hook = createHookPlacer<Connection>({
    hook: options.place,
    placeMs: options.placeMs ?? PLACE_MS,
    clock,
    limits,
    isPaused: (mode) => paused.has(mode),
    threw,
  });
  const engine = createEngine({
    metro,
    modes,
    limits,
    clock,
    ratings,
    gameServers,
    placer: gameServers ? undefined : hook,
    observe(event) {
      if (event.kind === "threw") threw(event.error);
      if (event.kind === "matched") matched(event);
    },
  });
  const desk = createDesk({
    modes,
    compats: undefined,
    metro,
    anyMetro: !gameServers,
    limits,
    matches: engine.matches,
    replica: engine.replica,
    clock,
    sessions: undefined,
    newTicketId: () => base62(randomBytes(16)),
  });

  const api = createApi({
    desk,
    matches: engine.matches,
    modes,
    compats: undefined,
    metro,
    replica: engine.replica,
    // The only one: its pools are its own.
    replicas: { byOwner: () => undefined, byTicket: () => undefined },
    ratings,
    pauses: { isPaused: async (mode) => paused.has(mode), setPaused },
    keys: checkedKeys(options.apiKeys ?? []),
    limits,
    clock,
    wallMs: Date.now,
    show: (id, player, seat) =>
      gameServers ? { seat } : { connection: (hook.connectionOf(id, player) ?? null) as Json },
    requestId: () => base62(randomBytes(10)),
    observe(event) {
      if (event.kind === "threw") threw(event.error);
    },
  });

  async function setPaused(mode: string, isPaused: boolean): Promise<void> {
    matchModeNamed(mode, modes);
    if (isPaused) paused.add(mode);
    else paused.delete(mode);
    if (gameServers) await engine.index.setPaused(`mode:${mode}`, isPaused);
  }

  /** Tickets and their match are told of in either order. */
  function foundBy(id: string): PromiseWithResolvers<Match<Connection>> {
    const known = found.get(id);
    if (known) return known;
    const made = Promise.withResolvers<Match<Connection>>();
    found.set(id, made);
    clock.after(limits.seatHoldMs, () => found.delete(id));
    return made;
  }

  function matched({ flight, mode, seats }: Extract<OwnerEvent, { kind: "matched" }>): void {
    const { match: id, proposal } = flight;
    const { metro: place, bots, quality } = proposal;
    const announced = foundMatch({ match: id, mode, metro: place, seats: flight.seats, bots });
    const seatOf = new Map(flight.seats.map(({ playerId }, at) => [playerId, seats[at]]));
    const connectionOf = (player: string) =>
      (gameServers ? seatOf.get(player) : hook.connectionOf(id, player)) as Connection;
    const teams = announced.teams.map((team) =>
      team.map((player) => ({ ...player, connection: connectionOf(player.id) })),
    );
    const whole: Match<Connection> = { ...announced, teams, quality, why: proposal.why() };
    foundBy(id).resolve(whole);
    events.emit("match", whole);
  }

  function submit(submission: Submission): Ticket<Connection> {
    const end = Promise.withResolvers<Match<Connection>>();
    end.promise.catch(() => {});
    const held = desk.submit(submission, {
      changed: ({ news }) => events.emit("ticket", { ticket, news }),
      ended: (_, how) => void ended(ticket, held, how, end),
    });
    const ticket: Ticket<Connection> = {
      id: held.id,
      mode: held.mode,
      playerIds: held.playerIds,
      get news() {
        return held.news;
      },
      matched: end.promise,
      cancel: () => held.end(refusal("CANCELLED")),
      ready: held.ready,
    };
    tickets.set(ticket.id, ticket);
    return ticket;
  }

  async function ended(
    ticket: Ticket<Connection>,
    { news }: DeskTicket,
    how: TicketEnd,
    end: PromiseWithResolvers<Match<Connection>>,
  ): Promise<void> {
    tickets.delete(ticket.id);
    if (how.ok) {
      end.resolve(await foundBy(how.match).promise);
      return events.emit("ticket", { ticket, news });
    }
    const error = asError(how.refusal);
    end.reject(error);
    events.emit("ticket", { ticket, news, error });
  }

  async function close(): Promise<void> {
    api.close();
    desk.close(refusal("CANCELLED", "The matchmaker was closed."));
    await engine.close();
    clock.close();
    if (!options.ratings) await ratings.close();
  }

  return {
    submit: submit as Matchmaker<M, Connection>["submit"],
    cancel(id) {
      tickets.get(id)?.cancel();
      return tickets.has(id);
    },
    find: (id) => tickets.get(id),
    on: events.on,
    explain: (id) => engine.matches.owner.explain(id),
    stats: () => ({
      tickets: desk.size,
      matchesInFlight: engine.matches.owner.inFlight,
      pools: engine.matches.owner.pools(),
    }),
    report: (result) => ratings.apply(result, Date.now()),
    leaderboard: (query) => readLeaderboard(ratings, modes, query),
    setPaused,
    fetch: api.fetch,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Throws one Error that names no part of an entry. */
function checkedKeys(entries: readonly string[]): ApiKey[] {
  const keys = entries.map(parseApiKey);
  const problem = keys.find((key) => typeof key === "string");
  if (problem !== undefined) throw new Error(`createMatchmaker(): apiKeys ${problem}`);
  return keys as ApiKey[];
}

/** Modes come from `match()`, or as plain JSON with `kind`. Throws one Error with every problem. */
function checkedModes(given: Modes): Record<string, MatchMode> {
  const rules = Object.entries(given).map(([name, mode]) => {
    const { seats: _, latencyMsMax: _latency, ...rest } = mode;
    return [name, rest] as const;
  });
  const problems = rules.flatMap(([name, mode]) =>
    mode.kind === "match"
      ? matchModeProblems(mode).map((problem) => `modes.${name}.${problem}`)
      : [`modes.${name}: only match modes wait; make it with match()`],
  );
  if (rules.length === 0) problems.push("modes: at least one");
  if (problems.length > 0) throw new Error(`createMatchmaker(): ${problems.join("\ncreateMatchmaker(): ")}`);
  return Object.fromEntries(rules.map(([name, { kind: _, ...mode }]) => [name, match(mode as MatchModeInput)]));
}
