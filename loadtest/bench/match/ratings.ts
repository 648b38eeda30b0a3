/** Ratings of players who have played for long: a normal distribution around that of a new player, the same in each run. */

import { inTransaction, openFile } from "@frontrow/matchmaker/rating/sqlite/schema.ts";
import { seeded } from "@frontrow/matchmaker/simulate/seeded.ts";
import { MODE } from "./frontrow.config.ts";

/** In openskill's terms: 350 points are 25 / 3 of mu (`matchmaker/rating/skill.ts`). */
const MU = { mean: 25, deviation: 25 / 3 };

/** Box and Muller 1958. */
const normal = (draw: () => number) => Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());

export async function writeRatings(file: string, players: readonly string[]): Promise<void> {
  const draw = seeded(1);
  const db = openFile(file);
  const insert = db.prepare("INSERT INTO careers VALUES (?, ?, ?, 3, 100, 0, '[]', 0, ?, 0, 0)");
  inTransaction(db, "IMMEDIATE", () => {
    for (const player of players) {
      insert.run(MODE, player, MU.mean + MU.deviation * normal(draw), Date.now());
    }
  });
  db.close();
}
