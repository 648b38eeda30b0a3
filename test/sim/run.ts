/**
 * `npm run sim -- --seeds N [--from S]` plays N seeds and prints what happened in them; `--seed X [--trace]` plays one, with every
 * operation. Leaves with 1 when a rule broke.
 */
import { parseArgs } from "node:util";
import { runSeed } from "./run-seed.ts";
import { addCounts, noCounts } from "./watch/counts.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "1000" },
    from: { type: "string", default: "1" },
    seed: { type: "string" },
    trace: { type: "boolean", default: false },
  },
});

const from = Number(values.seed ?? values.from);
const count = values.seed === undefined ? Number(values.seeds) : 1;
if (!Number.isSafeInteger(from) || !Number.isSafeInteger(count))
  throw new Error("--seeds, --from and --seed are numbers");

const all = noCounts();
const failed: number[] = [];
const startedMs = performance.now();
for (let seed = from; seed < from + count; seed++) {
  const { broken, counts, lines } = await runSeed(seed, { trace: values.trace });
  addCounts(all, counts);
  if (values.trace) console.log(lines.join("\n"));
  if (!broken) continue;
  failed.push(seed);
  console.log(`seed ${seed}: [${broken.rule}] at ${Math.round(broken.atMs)} ms: ${broken.what}`);
}
const seconds = (performance.now() - startedMs) / 1_000;
for (const [name, times] of Object.entries(all)) console.log(`${String(times).padStart(10)}  ${name}`);
console.log(
  `${count} seeds in ${seconds.toFixed(1)} s, ${failed.length} failed${failed.length > 0 ? `: ${failed}` : ""}`,
);
process.exitCode = failed.length > 0 ? 1 : 0;
