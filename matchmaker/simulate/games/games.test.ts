import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { rate } from "../../rating/rate.ts";
import { pointsOf, START_SKILL } from "../../rating/skill.ts";
import { parseColumnChoice } from "./columns.ts";
import { type ReadGamesOptions, readGames } from "./read-games.ts";
import { ticketsOfGames } from "./tickets-of-games.ts";
import { parseTimestamp } from "./timestamp.ts";
import type { Game } from "./words.ts";

const folder = mkdtempSync(join(tmpdir(), "frontrow-games-"));
let files = 0;
function read(content: string | Buffer, options?: ReadGamesOptions) {
  const file = join(folder, `${++files}.csv`);
  writeFileSync(file, content);
  return readGames(file, options);
}
/** Who played, and how they came out of it. */
const outcomes = (games: readonly Game[]) =>
  games.map(({ id, players }) => [id, ...players.map(({ playerId, rank }) => `${playerId}${rank ?? ""}`)].join(" "));

const TABLE = `match_id,played_at,player,team,score
g1,2024-05-01T10:00:00Z,ann,red,3
g1,2024-05-01T10:00:00Z,bob,blue,5
g2,2024-05-01T10:05:00Z,ann,red,4
g2,2024-05-01T10:05:00Z,cid,blue,4
`;
/** Cut where a table has long been understood. */
function halfOfALongOne(): Buffer {
  const rows = Array.from({ length: 20_000 }, (_, at) => `g${at * 7919},2024-05-01T10:00:00Z,p${at * 104_729},red,3\n`);
  return gzipSync(TABLE + rows.join("")).subarray(0, 60_000);
}
const FIRST = Date.UTC(2024, 4, 1, 10);

describe("a table of games", () => {
  it("[SI7] columns are recognised by their names; the higher score is the better rank, equal ones a draw", async () => {
    const { games, rows, leftOut, understood } = await read(TABLE);
    expect(outcomes(games)).toEqual(["g1 ann2 bob1", "g2 ann1 cid1"]);
    expect(games.map(({ atMs }) => atMs)).toEqual([FIRST, FIRST + 300_000]);
    expect({ rows, leftOut }).toEqual({ rows: 4, leftOut: [] });
    expect(understood).toContain('time = "played_at"');
  });

  it("[SI7] a table without names is told its columns by number", async () => {
    const table = TABLE.split("\n").slice(1).join("\n");
    const columns = parseColumnChoice("game=1, time=2, player=3, team=4, score=5");
    expect(outcomes((await read(table, { columns })).games)).toEqual(["g1 ann2 bob1", "g2 ann1 cid1"]);
  });

  it("[SI7] a row a game has a winner and a loser, and needs no id", async () => {
    const { games } = await read("date;winner;loser\n2024-05-01 10:00;ann;bob\n2024-05-01 10:05;bob;cid\n");
    expect(outcomes(games)).toEqual(["line 2 ann1 bob2", "line 3 bob1 cid2"]);
  });

  it.each([
    ["rank", "1", "2"],
    ["result", "win", "loss"],
    ["won", "true", "false"],
    ["outcome", "W", "L"],
  ])("[SI7] results in a column %s are understood", async (name, better, worse) => {
    const table = `game\ttime\tplayer\t${name}\ng1\t1714557600\tann\t${worse}\ng1\t1714557600\tbob\t${better}\n`;
    expect(outcomes((await read(table)).games)).toEqual(["g1 ann2 bob1"]);
  });

  it("[SI7] gzipped, with a byte order mark, quotes, Windows line ends: the same games", async () => {
    const odd = `\uFEFF${TABLE.replaceAll("\n", "\r\n").replaceAll(",ann,", ',"ann",')}`;
    expect(outcomes((await read(gzipSync(odd))).games)).toEqual(["g1 ann2 bob1", "g2 ann1 cid1"]);
  });

  it("[SI7] round trips by metro, and attributes that a mode's rules name, come along", async () => {
    const table = "game,time,player,rtt_fra,ping_ams,mode\ng,1714557600,ann,30,12,ranked\ng,1714557600,bob,,9,7\n";
    const { games } = await read(table, { attributes: ["mode"] });
    expect(games[0]!.players.map(({ metros, attributes }) => ({ metros, attributes }))).toEqual([
      {
        metros: [
          { metro: "ams", rttMs: 12 },
          { metro: "fra", rttMs: 30 },
        ],
        attributes: { mode: "ranked" },
      },
      { metros: [{ metro: "ams", rttMs: 9 }], attributes: { mode: 7 } },
    ]);
  });

  it.each([
    ["2024-05-01T10:00:00Z", FIRST],
    ["2024-05-01 10:00:00", FIRST],
    ["2024-05-01T12:00:00.500+02:00", FIRST + 500],
    ["01 May 2024 10:00:00", FIRST],
    ["May 1, 2024 10:00", FIRST],
    ["Wed, 01 May 2024 10:00:00 GMT", FIRST],
    ["2024-05-01", Date.UTC(2024, 4, 1)],
    ["1714557600", FIRST],
    ["1714557600123", FIRST + 123],
    ["map 7", undefined],
    ["7", undefined],
    ["05/01/2024", undefined],
    ["2024-13-01", undefined],
    ["", undefined],
  ])("[SI7] the time %o is %o", (text, ms) => expect(parseTimestamp(text)).toBe(ms));

  it("[SI8] rows that cannot be used are left out, counted by why and named by line", async () => {
    const table = `${TABLE}g3,yesterday,ann,red,1
g3,2024-05-01T10:06:00Z,bob,blue,2
g4,2024-05-01T10:07:00Z,ann,red,many
g4,2024-05-01T10:07:00Z,bob,blue,2
g5,2024-05-01T10:08:00Z,ann,red,1
g5,2024-05-01T10:08:00Z,ann,blue,2
,2024-05-01T10:09:00Z,ann,red,1
g6
`;
    const { games, leftOut, rows } = await read(table);
    expect(outcomes(games)).toEqual(["g1 ann2 bob1", "g2 ann1 cid1"]);
    expect(rows).toBe(12);
    expect(Object.fromEntries(leftOut.map(({ why, count, lines }) => [why, [count, ...lines]]))).toEqual({
      "its game has no second player": [2],
      "its game names a player twice": [1],
      "its time cannot be read": [1, 6],
      "its score is no number": [1, 8],
      "it names no game": [1, 12],
      "it has no time": [1, 13],
    });
  });

  it.each([
    ["an empty file", "", /is empty/],
    ["a picture", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0]), /no text file/],
    ["half of a gzip", gzipSync(TABLE.repeat(1_000)).subarray(0, 40), /cannot be read|unexpected end/],
    ["half of a long gzip", halfOfALongOne(), /unexpected end/],
    ["a ticket log", '{"t":"open","version":1,"atMs":0}\n', /Use --log/],
    ["columns that say nothing", "a,b,c\n1,2,3\n", /which column is the time, .*1 "a", 2 "b".*--columns/],
    // What is thrown into a stream that still flows came out as "The operation was aborted".
    ["a long table without names", "1714557600,7,ann\n".repeat(50_000), /no row of names.*--columns time=1/],
    ["no names", "1714557600,7,ann\n1714557600,7,bob\n", /no row of names.*--columns time=1/],
    [
      "no game at all",
      "game,time,player\ng,noon,ann\n",
      /no game could be read. Left out 1: its time cannot be read \(line 2\)/,
    ],
  ])("[SI8] %s is an error that says what to do", async (_, content, message) => {
    await expect(read(content)).rejects.toThrow(message);
  });

  it("[SI8] so is a file that is not there, a folder, and a column that there is not", async () => {
    await expect(readGames(join(folder, "none.csv"))).rejects.toThrow(/there is no file/);
    await expect(readGames(folder)).rejects.toThrow(/is a folder/);
    await expect(read(TABLE, { columns: { player: "nick" } })).rejects.toThrow(
      /no column "nick".*3 "player".*by name or number, such as --columns time=1,game=2/,
    );
    expect(() => parseColumnChoice("tyme=1")).toThrow(/did you mean time/);
    expect(() => parseColumnChoice("time")).toThrow(/time=1,player=user/);
  });

  it.each([1, 5_000])(
    "[SI8] a table that is too long is read so far, and says so (%i times as long)",
    async (times) => {
      const { games, cut } = await read(TABLE + TABLE.slice(TABLE.indexOf("g1")).repeat(times), { rowsMax: 2 });
      expect({ games: games.length, cut }).toEqual({ games: 1, cut: true });
    },
  );
});

describe("tickets of games", () => {
  const at = (minute: number) => FIRST + minute * 60_000;
  const game = (id: string, minute: number, winner: string, loser: string): Game => ({
    id,
    atMs: at(minute),
    players: [winner, loser].map((playerId, index) => ({
      playerId,
      team: playerId,
      party: undefined,
      rank: index + 1,
      metros: [],
      attributes: {},
    })),
  });
  const ratingOf = (tickets: ReturnType<typeof ticketsOfGames>["tickets"], key: string) =>
    tickets.find((ticket) => ticket.key === key)!.players[0]!;

  it("[SI6] a ticket knows the results before it and neither its own nor a later one", () => {
    const games = [game("1", 0, "ann", "bob"), game("2", 10, "ann", "cid"), game("3", 20, "bob", "ann")];
    const { tickets } = ticketsOfGames(games, { seed: 1, spreadMs: 60_000 });
    const [[one] = [], [two] = []] = rate([[START_SKILL], [START_SKILL]], [1, 2]);
    const [[afterTwo] = []] = rate([[one!], [START_SKILL]], [1, 2]);
    expect(ratingOf(tickets, "1/0").rating).toBe(1_500);
    expect(ratingOf(tickets, "1/1").rating).toBe(1_500);
    expect(ratingOf(tickets, "2/0")).toMatchObject({ rating: pointsOf(one!), sigma: one!.sigma });
    expect(ratingOf(tickets, "2/1").rating).toBe(1_500);
    expect(ratingOf(tickets, "3/0").rating).toBe(pointsOf(two!));
    expect(ratingOf(tickets, "3/1").rating).toBe(pointsOf(afterTwo!));
  });

  it("[SI6] a game that ends after somebody asked again is not known to him yet", () => {
    const games = [game("1", 9.5, "ann", "bob"), game("2", 10, "ann", "cid")];
    const early = ticketsOfGames(games, { seed: 1, spreadMs: 0 }).tickets;
    expect(ratingOf(early, "2/0").rating).toBeGreaterThan(1_500);
    // Within ten minutes before the second game: with this seed before the first one's end.
    const { tickets } = ticketsOfGames(games, { seed: 1, spreadMs: 600_000 });
    const second = tickets.find(({ key }) => key === "2/0")!;
    expect(second.atMs).toBeLessThan(at(9.5));
    expect(second.players[0]!.rating).toBe(1_500);
  });

  it("[SI6] everybody asks within the time before his game, in order of time", () => {
    const games = Array.from({ length: 50 }, (_, index) => game(`${index}`, index * 5, `w${index}`, `l${index}`));
    const { tickets } = ticketsOfGames(games, { seed: 3, spreadMs: 60_000 });
    expect(tickets).toHaveLength(100);
    for (const { key, atMs, sinceMs } of tickets) {
      const gameMs = at(Number.parseInt(key, 10) * 5);
      expect(gameMs - atMs).toBeGreaterThanOrEqual(0);
      expect(gameMs - atMs).toBeLessThanOrEqual(60_000);
      expect(sinceMs).toBe(atMs);
    }
    expect(tickets.map(({ atMs }) => atMs)).toEqual(tickets.map(({ atMs }) => atMs).sort((a, b) => a - b));
    expect(new Set(tickets.map(({ atMs }) => atMs)).size).toBeGreaterThan(90);
  });

  it("[SI6] a party is one ticket, as far away as its worst member", () => {
    const together: Game = {
      id: "g",
      atMs: at(0),
      players: ["a", "b", "c"].map((playerId, index) => ({
        playerId,
        team: index < 2 ? "red" : "blue",
        party: index < 2 ? "p" : undefined,
        rank: 1,
        metros: [{ metro: "fra", rttMs: 10 + index }, ...(index === 1 ? [] : [{ metro: "ams", rttMs: 1 }])],
        attributes: {},
      })),
    };
    const { tickets } = ticketsOfGames([together], { seed: 1, spreadMs: 0 });
    expect(tickets.map(({ players }) => players.map(({ playerId }) => playerId))).toEqual([["a", "b"], ["c"]]);
    expect(tickets[0]!.metros).toEqual([{ metro: "fra", rttMs: 11 }]);
  });

  it("[SI6] the games as played are measured by the ratings before each, and say how much those knew", () => {
    const games = [game("1", 0, "ann", "bob"), game("2", 10, "ann", "bob"), game("3", 20, "bob", "ann")];
    const { asPlayed } = ticketsOfGames(games, { seed: 1, spreadMs: 0 });
    expect(asPlayed.games).toBe(3);
    // The first has no favourite, the second was won by him, the third was not.
    expect(asPlayed).toMatchObject({ decided: 2, favouriteWon: 0.5 });
    expect(asPlayed.spread!.curve[0]).toBe(0);
    expect(asPlayed.spread!.max).toBeGreaterThan(0);
  });
});
