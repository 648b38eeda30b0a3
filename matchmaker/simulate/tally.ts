/** Counts what a replay says of one mode, and sums it up. */
import type { MatchProposal } from "../pool/words.ts";
import { distributionOf } from "./distribution.ts";
import { favouriteOf } from "./favourite.ts";
import type { ReplayEar } from "./replay.ts";
import type { Distribution, ModeReport, ReplayTicket, UnmatchedWhy } from "./words.ts";

/** Steps of the timeline: a chart shows no more. */
const STEPS = 48;

export interface TallyOptions {
  readonly name: string;
  /** Of a match. */
  readonly seats: number;
  /** Of the first ticket and the last. */
  readonly firstMs: number;
  readonly lastMs: number;
}

export function createTally({ name, seats, firstMs, lastMs }: TallyOptions): ReplayEar & { report(): ModeReport } {
  const stepMs = Math.max(1, (lastMs - firstMs) / STEPS);
  const steps = Array.from({ length: STEPS }, () => ({ tickets: 0, waits: [] as number[] }));
  const stepOf = ({ atMs }: ReplayTicket) => steps[Math.min(STEPS - 1, Math.floor((atMs - firstMs) / stepMs))]!;
  const unmatched: Record<UnmatchedWhy, number> = { timedOut: 0, left: 0, unreachable: 0 };
  const widened = new Map<string, number>();
  const waits: number[] = [];
  const spreads: number[] = [];
  const favourites: number[] = [];
  const roundTrips: number[] = [];
  const deltas: number[] = [];
  const players = new Set<string>();
  let [tickets, repeated, matches, withBots, short] = [0, 0, 0, 0, 0];

  function measureDistances({ metro }: MatchProposal, ticket: ReplayTicket): void {
    const here = ticket.metros.find((each) => each.metro === metro);
    if (!here) return;
    const nearestMs = Math.min(...ticket.metros.map(({ rttMs }) => rttMs));
    for (let player = 0; player < ticket.players.length; player++) {
      roundTrips.push(here.rttMs);
      deltas.push(here.rttMs - nearestMs);
    }
  }

  return {
    came(ticket) {
      tickets++;
      for (const { playerId } of ticket.players) players.add(playerId);
      stepOf(ticket).tickets++;
    },
    repeated: () => void repeated++,
    unmatched: (_, why) => void unmatched[why]++,
    matched(proposal, theirs, atMs) {
      const { teams, bots, quality } = proposal;
      const byKey = new Map(theirs.map((ticket) => [ticket.key, ticket]));
      const sides = teams.map((team) => team.map((member) => byKey.get(member.ticket.key)!.players[member.player]!));
      const seated = sides.flat().length;
      const botsIn = bots.reduce((sum, count) => sum + count, 0);
      matches++;
      if (botsIn > 0) withBots++;
      if (seated + botsIn < seats) short++;
      for (const rule of quality.widened) widened.set(rule, (widened.get(rule) ?? 0) + 1);
      if (seated > 1) spreads.push(quality.spread);
      // Nobody predicts bots.
      const favourite = botsIn > 0 ? undefined : favouriteOf(sides);
      if (favourite !== undefined) favourites.push(favourite);
      for (const ticket of theirs) {
        const waitMs = atMs - ticket.sinceMs;
        waits.push(waitMs);
        stepOf(ticket).waits.push(waitMs);
        measureDistances(proposal, ticket);
      }
    },
    report() {
      const present = { waitMs: waits, spread: spreads, favourite: favourites, rttMs: roundTrips, deltaMs: deltas };
      const distributions = Object.fromEntries(
        Object.entries(present).flatMap(([key, values]) => {
          const distribution = distributionOf(values);
          return distribution ? [[key, distribution] as const] : [];
        }),
      ) as { [K in keyof typeof present]?: Distribution };
      return {
        name,
        tickets,
        repeated,
        players: players.size,
        matchedTickets: waits.length,
        matches,
        withBots,
        short,
        unmatched: { ...unmatched },
        ...distributions,
        widened: Object.fromEntries([...widened].sort(([a], [b]) => (a < b ? -1 : 1))),
        timeline: steps.map((step, index) => ({
          atMs: Math.round(index * stepMs),
          tickets: step.tickets,
          waitMs: distributionOf(step.waits)?.p50 ?? null,
        })),
      };
    },
  };
}
