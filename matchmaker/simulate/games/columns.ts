/**
 * Which column is which. Said with `--columns`, by name or by number from 1, or recognised by the names in the first row; a table
 * without names must be told, because columns of numbers look alike.
 */
import { METRO } from "@frontrow/shared/metro.ts";
import { nearest } from "@frontrow/shared/nearest.ts";
import { InputError } from "../input-error.ts";
import { parseTimestamp } from "./timestamp.ts";
import { type ColumnRole, type Columns, columnRoles } from "./words.ts";

const NAMES: Readonly<Record<ColumnRole, readonly string[]>> = {
  time: [
    "time",
    "timestamp",
    "date",
    "datetime",
    "playedat",
    "startedat",
    "starttime",
    "createdat",
    "gamedate",
    "endedat",
  ],
  game: ["game", "gameid", "match", "matchid", "round", "roundid", "id"],
  player: ["player", "playerid", "user", "userid", "account", "accountid", "profileid", "gamertag", "name", "username"],
  team: ["team", "teamid", "side", "faction"],
  party: ["party", "partyid", "group", "groupid", "premade"],
  score: ["score", "points", "teamscore"],
  rank: ["rank", "place", "placement", "position", "finish"],
  result: ["result", "outcome", "won", "win", "iswinner"],
  winner: ["winner", "winnerid", "winnername"],
  loser: ["loser", "loserid", "losername"],
};
const roles = Object.keys(columnRoles) as ColumnRole[];

/** What the caller says: a role, and a column's name or its number from 1. */
export type ColumnChoice = Readonly<Partial<Record<ColumnRole, string>>>;

/** `time=1,player=user` as choices. Throws InputError for a role that there is not. */
export function parseColumnChoice(text: string): ColumnChoice {
  return Object.fromEntries(
    text.split(",").map((pair) => {
      const [, role = "", column = ""] = /^\s*([^=]*?)\s*=\s*(.*?)\s*$/.exec(pair) ?? [];
      if (!Object.hasOwn(columnRoles, role) || column === "") {
        const near = nearest(role, roles);
        const hint = near && near !== role ? `did you mean ${near}?` : `roles are ${roles.join(", ")}`;
        throw new InputError(`"${pair.trim()}" names no column: write time=1,player=user; ${hint}`);
      }
      return [role, column];
    }),
  );
}

/** Columns of a table, from its first row; `hasNames`: that row holds names and no game. */
export function resolveColumns(
  first: readonly string[],
  choice: ColumnChoice,
  attributes: readonly string[],
): { columns: Columns; hasNames: boolean; understood: string[] } {
  const hasNames = looksLikeNames(first);
  const found: Partial<Record<ColumnRole, number>> = {};
  for (const role of roles) {
    const chosen = choice[role];
    const at =
      chosen === undefined ? (hasNames ? recognised(first, role) : undefined) : chosenAt(first, chosen, hasNames);
    if (at !== undefined) found[role] = at;
  }
  const rtt = new Map<string, number>();
  const byName = new Map<string, number>();
  if (hasNames) {
    first.forEach((name, at) => {
      const metro = /^(?:rtt|ping)[_ -]([a-z]+)$/i.exec(name.trim())?.[1]?.toLowerCase();
      if (metro && METRO.test(metro)) rtt.set(metro, at);
      if (attributes.includes(name.trim())) byName.set(name.trim(), at);
    });
  }
  const columns = { ...found, rtt, attributes: byName };
  const problem = missing(columns);
  if (problem) throw new InputError(`${problem} ${advice(first, hasNames)}`);
  return { columns, hasNames, understood: describe(columns, first, hasNames) };
}

/** No cell of a row of names is a number or a time. */
function looksLikeNames(first: readonly string[]): boolean {
  return first.every(
    (cell) => cell.trim() === "" || (Number.isNaN(Number(cell)) && parseTimestamp(cell) === undefined),
  );
}

const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, "");

/** The first name of the list that there is: lists stand in the order of likelihood. */
function recognised(first: readonly string[], role: ColumnRole): number | undefined {
  const names = first.map(plain);
  const name = NAMES[role].find((each) => names.includes(each));
  return name === undefined ? undefined : names.indexOf(name);
}

function chosenAt(first: readonly string[], chosen: string, hasNames: boolean): number {
  const byName = hasNames ? first.findIndex((name) => name.trim() === chosen || plain(name) === plain(chosen)) : -1;
  if (byName >= 0) return byName;
  const number = Number(chosen);
  if (Number.isInteger(number) && number >= 1 && number <= first.length) return number - 1;
  throw new InputError(`there is no column "${chosen}". ${advice(first, hasNames)}`);
}

function missing({ time, game, player, winner, loser }: Columns): string | undefined {
  const isWide = winner !== undefined && loser !== undefined;
  const wanted = { time, ...(isWide ? {} : { game, player }) };
  const lacking = Object.entries(wanted).flatMap(([role, at]) => (at === undefined ? [role] : []));
  return lacking.length > 0 ? `which column is the ${lacking.join(", and which the ")}?` : undefined;
}

function advice(first: readonly string[], hasNames: boolean): string {
  const shown = first
    .slice(0, 24)
    .map((cell, at) => `${at + 1} "${cell.length > 24 ? `${cell.slice(0, 24)}…` : cell}"`);
  const what = hasNames ? "Its columns are" : "It has no row of names; its first row is";
  return `${what}: ${shown.join(", ")}. Say which is which with --columns, by name or number, such as --columns time=1,game=2,player=3`;
}

function describe({ rtt, attributes, ...found }: Columns, first: readonly string[], hasNames: boolean): string[] {
  const nameOf = (at: number) => (hasNames ? `"${first[at]?.trim()}"` : `column ${at + 1}`);
  return [
    ...Object.entries(found).map(([role, at]) => `${role} = ${nameOf(at as number)}`),
    ...[...rtt].map(([metro, at]) => `round trip to ${metro} = ${nameOf(at)}`),
    ...[...attributes].map(([name, at]) => `attribute ${name} = ${nameOf(at)}`),
  ];
}
