/**
 * A made-up table in the shape of the Halo 2 one (no names, words for months, a row a player): players of many skills, more of them in
 * the evening, paired without regard to skill, the better one mostly winning.
 */
import { seeded } from "@frontrow/matchmaker/simulate/seeded.ts";

const MONTHS = "January February March April May June July August September October November December".split(" ");
const FIRST_MS = Date.UTC(2004, 7, 6, 18, 13, 50);

export function madeUpGames({ games = 600, players = 120, seed = 1 } = {}): string {
  const draw = seeded(seed);
  const skills = Array.from({ length: players }, () => draw() + draw() + draw());
  const rows: string[] = [];
  let atMs = FIRST_MS;
  for (let game = 0; game < games; game++) {
    atMs += Math.ceil(-Math.log(1 - draw()) * (game % 200 < 100 ? 20 : 60)) * 1_000;
    const a = Math.floor(draw() * players);
    const b = (a + 1 + Math.floor(draw() * (players - 1))) % players;
    const score = (player: number) => Math.round(skills[player]! * 10 + draw() * 8);
    for (const [team, player] of [a, b].entries()) {
      rows.push([worded(atMs), 281_884 + game, 2, 50, 2_726_000_000_000_000 + player, team, score(player)].join(","));
    }
  }
  return `${rows.join("\n")}\n`;
}

/** 06 August 2004 18:13:50 */
function worded(ms: number): string {
  const [date = "", time = ""] = new Date(ms).toISOString().split("T");
  const [year = "", month = "", day = ""] = date.split("-");
  return `${day} ${MONTHS[Number(month) - 1]} ${year} ${time.slice(0, 8)}`;
}
