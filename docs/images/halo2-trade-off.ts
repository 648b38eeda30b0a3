/**
 * What waiting buys, on real games: `npx node docs/images/halo2-trade-off.ts <halo2-head-to-head.csv.gz>` simulates three schedules (those
 * of docs/examples/simulate) in three crowds and writes halo2-trade-off.json; `npm run generate` draws halo2-trade-off.svg from it.
 * The table is of dotnet/mbmlbook (MIT): Halo 2 beta, one against one, August 2004.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { atRate } from "@frontrow/matchmaker/simulate/at-rate.ts";
import { readGames } from "@frontrow/matchmaker/simulate/games/read-games.ts";
import { ticketsOfGames } from "@frontrow/matchmaker/simulate/games/tickets-of-games.ts";
import type { TradeOff } from "@frontrow/matchmaker/simulate/report/trade-off.ts";
import { simulate } from "@frontrow/matchmaker/simulate/simulate.ts";
import config from "../examples/simulate/frontrow.config.ts";

const RESULT = join(import.meta.dirname, "halo2-trade-off.json");

const COLUMNS = { time: "1", game: "2", player: "5", team: "6", score: "7" };
const SPREAD_MS = 60_000;
const SEED = 1;
const RATES = [1, 10, 100];

async function measure(file: string): Promise<TradeOff> {
  const { games } = await readGames(file, { columns: COLUMNS });
  const { tickets, asPlayed } = ticketsOfGames(games, { seed: SEED, spreadMs: SPREAD_MS });
  const names = Object.keys(config.modes);
  const [mode, ...against] = Object.values(config.modes);
  const crowds = RATES.map((rate) => {
    const { modes, spanMs } = simulate({ mode: mode!, against, names, seed: SEED, tickets: atRate(tickets, rate) });
    const perHour = Math.round(tickets.length / (spanMs / 3_600_000)).toLocaleString("en");
    return {
      says: `${perHour} tickets an hour`,
      schedules: modes.map(({ name, waitMs, spread, matchedTickets, tickets: came }) => ({
        name,
        waitP95Ms: Math.round(waitMs!.p95),
        spreadP50: Math.round(spread!.p50 * 10) / 10,
        unmatchedPercent: Math.round((1 - matchedTickets / came) * 1_000) / 10,
      })),
    };
  });
  const spread = Math.round(asPlayed.spread!.p50 * 10) / 10;
  return {
    title: "What waiting buys",
    subtitle: "Halo 2 beta, one against one: 12,454 real tickets, three ways to widen, three crowds",
    asPlayed: { says: `as really played: ${Math.round(spread)}`, spread },
    crowds,
  };
}

const file = process.argv[2];
if (!file) throw new Error("name the table: npx node docs/images/halo2-trade-off.ts <halo2-head-to-head.csv.gz>");
const result = await measure(file);
writeFileSync(RESULT, `${JSON.stringify(result, undefined, 2)}\n`);
for (const { says, schedules } of result.crowds) console.log(says, schedules);
