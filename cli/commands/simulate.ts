/**
 * `frontrow simulate`: tickets of a log, or of a table of real games, against a mode of the config, and against others beside it. What
 * it would be like, before anybody has to wait for it.
 */
import { existsSync, writeFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { atRate } from "@frontrow/matchmaker/simulate/at-rate.ts";
import { parseColumnChoice } from "@frontrow/matchmaker/simulate/games/columns.ts";
import { readGames } from "@frontrow/matchmaker/simulate/games/read-games.ts";
import { ticketsOfGames } from "@frontrow/matchmaker/simulate/games/tickets-of-games.ts";
import { InputError } from "@frontrow/matchmaker/simulate/input-error.ts";
import { readTicketLog } from "@frontrow/matchmaker/simulate/read-ticket-log.ts";
import { page } from "@frontrow/matchmaker/simulate/report/page.ts";
import type { SimulationInput, SimulationResult } from "@frontrow/matchmaker/simulate/report/result.ts";
import { table } from "@frontrow/matchmaker/simulate/report/table.ts";
import { simulate } from "@frontrow/matchmaker/simulate/simulate.ts";
import type { ReplayTicket } from "@frontrow/matchmaker/simulate/words.ts";
import type { MatchMode } from "@frontrow/shared/config/match-mode.ts";
import type { FrontrowConfig } from "@frontrow/shared/config/modes.ts";
import { settingsTable } from "@frontrow/shared/config/settings.ts";
import { nearest } from "@frontrow/shared/nearest.ts";
import { type Command, InvalidArgumentError } from "commander";
import { DEMO_CONFIG_FILE, loadConfigFile } from "../config-file.ts";

/** Modes side by side: a table wider than this is read by nobody. */
const AGAINST_MAX = 4;

interface SimulateOptions {
  readonly mode: string;
  readonly config?: string;
  readonly against: string[];
  readonly againstConfig?: string;
  readonly games?: string;
  readonly columns?: string;
  readonly spread: number;
  readonly log?: string[];
  readonly logMode?: string;
  readonly rate: number;
  readonly seed: number;
  readonly json?: boolean;
  readonly html?: string;
}

export function register(program: Command): void {
  program
    .command("simulate")
    .description("tries a mode's rules on tickets of the past, and says how long players would have waited for whom")
    .requiredOption("--mode <name>", "a mode of the config in which tickets wait")
    .option("--config <file>", "the config; unless given it is looked for as every process does")
    .option("--against <names...>", "other modes for the same tickets, side by side", [])
    .option("--against-config <file>", "the config that has them")
    .option("--games <file>", "a table of real games: CSV, gzipped or not")
    .option("--columns <roles>", "what its columns are, such as time=1,game=2,player=3,team=4,score=5")
    .option("--spread <seconds>", "of a table: players asked within so long before their game", positiveOr0, 60)
    .option("--log <files...>", "ticket logs of matchmakers (FRONTROW_TICKET_LOG)")
    .option("--log-mode <name>", "the mode of the log's tickets, where it has another name")
    .option("--rate <times>", "how many times as fast players come", positive, 1)
    .option("--seed <number>", "the same seed gives the same report", whole, 1)
    .option("--json", "print the report as JSON")
    .option("--html <file>", "write a page with charts")
    .action(async (options: SimulateOptions) => {
      const result = await run(options, process.env, process.cwd());
      process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : table(result));
      if (options.html === undefined) return;
      writeFileSync(options.html, page(result));
      if (!options.json) process.stdout.write(`\n${options.html} has the charts.\n`);
    });
}

async function run(options: SimulateOptions, env: NodeJS.ProcessEnv, cwd: string): Promise<SimulationResult> {
  if ((options.games === undefined) === (options.log === undefined)) {
    throw new InputError("name what to simulate: either --games <table>, or --log <ticket log>");
  }
  if (options.against.length > AGAINST_MAX) throw new InputError(`--against takes ${AGAINST_MAX} modes at most`);
  const config = await configAt(options.config ?? env[settingsTable.configFile.env]?.trim(), cwd);
  const others = options.againstConfig === undefined ? config : await configAt(options.againstConfig, cwd);
  const mode = modeOf(config, options.mode);
  const against = options.against.map((name) => modeOf(others, name));
  const { tickets, input } =
    options.games === undefined
      ? await fromLog(options.log ?? [], options)
      : await fromGames(options.games, options, [mode, ...against]);
  const names = [options.mode, ...options.against.map((name) => (others === config ? name : `${name} (other)`))];
  return { input, ...simulate({ mode, against, names, tickets: atRate(tickets, options.rate), seed: options.seed }) };
}

interface Tickets {
  readonly tickets: readonly ReplayTicket[];
  readonly input: SimulationInput;
}

async function fromGames(file: string, options: SimulateOptions, modes: readonly MatchMode[]): Promise<Tickets> {
  const { seed, rate } = options;
  const columns = options.columns === undefined ? {} : parseColumnChoice(options.columns);
  const { games, rows, leftOut, understood, cut } = await readGames(file, { columns, attributes: attributesOf(modes) });
  const spreadMs = options.spread * 1_000;
  const { tickets, asPlayed } = ticketsOfGames(games, { seed, spreadMs });
  const files = [basename(file)];
  return { tickets, input: { kind: "games", files, rows, leftOut, understood, cut, rate, spreadMs, asPlayed } };
}

async function fromLog(files: readonly string[], options: SimulateOptions): Promise<Tickets> {
  const { tickets, lines, leftOut, cut } = await readTicketLog(files, options.logMode ?? options.mode);
  const names = files.map((file) => basename(file));
  return {
    tickets,
    input: { kind: "log", files: names, rows: lines, leftOut, understood: [], cut, rate: options.rate },
  };
}

async function configAt(given: string | undefined, cwd: string): Promise<FrontrowConfig> {
  const file = given === undefined ? undefined : resolve(cwd, given);
  if (file !== undefined && !existsSync(file)) throw new InputError(`there is no config ${file}`);
  return (await loadConfigFile(file, cwd, DEMO_CONFIG_FILE)).config;
}

function modeOf({ modes }: FrontrowConfig, name: string): MatchMode {
  const mode = Object.hasOwn(modes, name) ? modes[name] : undefined;
  const waiting = Object.keys(modes).filter((each) => modes[each]!.kind === "match");
  if (mode?.kind === "match") return mode;
  if (mode) throw new InputError(`in mode "${name}" nobody waits: it fills rooms. ${listed(waiting)}`);
  const near = nearest(name, waiting);
  throw new InputError(`the config has no mode "${name}". ${near ? `Did you mean ${near}?` : listed(waiting)}`);
}

const listed = (names: readonly string[]) =>
  names.length === 0 ? "The config has no mode in which tickets wait" : `Modes with waiting: ${names.join(", ")}`;

const attributesOf = (modes: readonly MatchMode[]) =>
  modes.flatMap(({ same = [], ranges = [], priority }) => [
    ...same,
    ...ranges.map(({ attribute }) => attribute),
    ...(priority ? [priority.attribute] : []),
  ]);

function numeric(text: string, fits: (value: number) => boolean, what: string): number {
  const value = Number(text);
  if (text.trim() === "" || !fits(value)) throw new InvalidArgumentError(`it must be ${what}`);
  return value;
}
const positive = (text: string) => numeric(text, (value) => value > 0 && value <= 1e6, "a number above 0");
const positiveOr0 = (text: string) => numeric(text, (value) => value >= 0 && value <= 86_400, "seconds, 0 to 86400");
const whole = (text: string) => numeric(text, Number.isSafeInteger, "a whole number");
