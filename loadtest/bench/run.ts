/**
 * `npm run bench -- <name> [--json]`: runs one bench and prints its table, or with --json exactly one line. All that the bench
 * compares is measured in this one run, on this machine.
 */
import { existsSync, readdirSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import type { Bench, BenchCase } from "./bench.ts";

const EXIT_USAGE = 64;
const NOT_BENCHES = ["run.ts", "bench.ts"];

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

function machine(): string {
  const processors = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${processors.length} x ${processors[0]?.model.trim()}, ${memory} GB, Node ${process.versions.node}`;
}

function tableOf(cases: readonly BenchCase[]): string {
  const rows = cases.map(({ name, metric, unit, ours, peer, limit, ratio }, at) => [
    name === cases[at - 1]?.name ? "" : name,
    `${metric} (${unit})`,
    `${ours}`,
    peer === null ? "" : `${peer}`,
    ratio === null ? "" : `${ratio}x`,
    limit === null ? "" : `${limit}`,
  ]);
  const all = [["", "", "ours", "peer", "better", "limit"], ...rows];
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  const line = (row: string[]) =>
    row.map((text, column) => (column < 2 ? text.padEnd(widths[column]!) : text.padStart(widths[column]!))).join("  ");
  const peers = [...new Set(cases.flatMap(({ peerName }) => peerName ?? []))].map((peer) => `peer: ${peer}`);
  return [...all.map(line), "", ...peers, machine()].join("\n");
}

async function main(args: readonly string[]): Promise<number> {
  const json = args.includes("--json");
  const asked = args.filter((argument) => argument !== "--json");
  const file = here(`./${asked[0]}.ts`);
  if (
    asked.length !== 1 ||
    !/^[a-z-]+$/.test(asked[0]!) ||
    NOT_BENCHES.includes(`${asked[0]}.ts`) ||
    !existsSync(file)
  ) {
    const benches = readdirSync(here(".")).filter((name) => name.endsWith(".ts") && !NOT_BENCHES.includes(name));
    console.error(`usage: npm run bench -- <${benches.map((name) => name.slice(0, -3)).join(" | ")}> [--json]`);
    return EXIT_USAGE;
  }
  const { name, run } = (await import(file)) as Bench;
  const cases = await run();
  console.log(json ? JSON.stringify({ bench: name, machine: machine(), cases }) : tableOf(cases));
  return 0;
}

process.exit(await main(process.argv.slice(2)));
