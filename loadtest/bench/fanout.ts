/**
 * How many clients one core holds: a game server with one room, whose 10,000 things all move at 20 Hz, and raw sockets in a process on
 * another core, each seeing about a hundred of them. `echoes only`: a client says four times a second which tick it has; `20 Hz inputs`:
 * it also sends a small input 20 times a second. Fifty clients decode everything, and every number that they show is compared.
 *
 * The limit is bare uWebSockets sending as many frames of the same sizes to the same kind of clients. `stall 12 s` is about right and
 * wrong, not about speed: what a client shows that read nothing for so long, some seconds after it reads again.
 */
import { loadavg } from "node:os";
import { median } from "../lib/median.ts";
import type { BenchCase } from "./bench.ts";
import { type Field, type Ours, startBare, startOurs } from "./fanout/field.ts";
import { mostClients } from "./fanout/most-clients.ts";
import { AFTER_MS, STALL_MS, type Stalled, stallOurs, stallStock } from "./fanout/stall/stall.ts";
import { createGround } from "./seat/ground.ts";

const MANY = 1_000;
const WINDOW_MS = 5_000;
/** Until the compiler has settled. */
const WARM_UP_MS = 4_000;
const TURNS = 3;

interface AtMany {
  readonly cpuPercent: number;
  /** Everything that a tick costs, by the frames that it sends: also where so much else runs that ticks are lost. */
  readonly microsPerFrame: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}
interface Contestant {
  readonly echoes: AtMany & { readonly most: number };
  readonly inputs: AtMany & { readonly most: number };
  readonly sizes: Int32Array;
}

async function atMany(field: Field): Promise<AtMany> {
  await field.clients(MANY);
  await field.measure(WARM_UP_MS);
  const turns = [];
  for (let turn = 0; turn < TURNS; turn++) turns.push(await field.measure(WINDOW_MS));
  return {
    cpuPercent: median(turns.map(({ server }) => server.cpuPercent)),
    microsPerFrame: median(turns.map(({ server }) => (server.cpuPercent * 10 * server.lastedMs) / server.frames)),
    p50Ms: median(turns.map(({ sink }) => sink.p50Ms)),
    p99Ms: median(turns.map(({ sink }) => sink.p99Ms)),
  };
}

async function checkShown(ours: Ours): Promise<void> {
  const { views, shown, wrong } = await ours.check();
  console.error(`${views} clients show ${shown} things, ${wrong} of them wrong`);
  if (wrong > 0 || shown === 0) throw new Error(`${wrong} of ${shown} things were shown wrong`);
}

async function measured(field: Field, check: () => Promise<void>): Promise<Omit<Contestant, "sizes">> {
  const inOneCase = async (inputs: boolean) => {
    await field.inputs(inputs);
    const at = await atMany(field);
    await check();
    const most = await mostClients(field, MANY);
    await check();
    return { ...at, most };
  };
  return { echoes: await inOneCase(false), inputs: await inOneCase(true) };
}

async function onGround<T>(run: (ground: ReturnType<typeof createGround>) => Promise<T>): Promise<T> {
  const ground = createGround();
  try {
    return await run(ground);
  } finally {
    await ground.clear();
  }
}

function caseOf(name: string, metric: string, unit: string, ours: number, limit: number | null): BenchCase {
  const rounded = (value: number) => Number(value.toFixed(1));
  return {
    name,
    metric,
    unit,
    ours: rounded(ours),
    peer: null,
    peerName: null,
    limit: limit === null ? null : rounded(limit),
    ratio: null,
  };
}

async function stallCases(): Promise<BenchCase[]> {
  const ours = rightBefore(await onGround(stallOurs));
  const cases: BenchCase[] = [];
  for (const [kind, peerName] of [
    ["uws", "Colyseus StateView, its uWebSockets transport"],
    ["ws", "Colyseus StateView, its ws transport"],
  ] as const) {
    const peer = rightBefore(await onGround((ground) => stallStock(kind, ground)));
    const title = `stall ${STALL_MS / 1_000} s: wrong after (${kind})`;
    cases.push({ ...caseOf(title, `after ${AFTER_MS / 1_000} s`, "things", ours, null), peer, peerName });
  }
  if (ours > 0) throw new Error(`after its stall a client showed ${ours} things wrong`);
  return cases;
}

function rightBefore({ before, after }: Stalled): number {
  console.error("before and after the stall", before, after);
  if (before.wrong > 0) throw new Error(`${before.wrong} things were wrong before the stall`);
  return after.wrong;
}

export const name = "fanout";

export async function run(): Promise<BenchCase[]> {
  console.error(`load average before: ${loadavg()[0]!.toFixed(1)}`);
  const stalled = await stallCases();
  const ours: Contestant = await onGround(async (ground) => {
    const field = await startOurs(ground);
    const figures = await measured(field, () => checkShown(field));
    return { ...figures, sizes: await field.sizes() };
  });
  const bare = await onGround(async (ground) => measured(await startBare(ours.sizes, ground), async () => {}));
  const both = [
    ["clients per core, echoes only", ours.echoes, bare.echoes],
    ["clients per core, 20 Hz inputs", ours.inputs, bare.inputs],
  ] as const;
  return [
    ...both.flatMap(([title, mine, limit]) => [
      caseOf(title, "clients", "at 75 % CPU", mine.most, limit.most),
      caseOf(title, "cpu_at_1000", "% of a core", mine.cpuPercent, limit.cpuPercent),
      caseOf(title, "cpu_per_frame", "µs at 1000", mine.microsPerFrame, limit.microsPerFrame),
    ]),
    caseOf(`delivery at ${MANY}`, "p50_ms", "ms", ours.echoes.p50Ms, bare.echoes.p50Ms),
    caseOf(`delivery at ${MANY}`, "p99_ms", "ms", ours.echoes.p99Ms, bare.echoes.p99Ms),
    ...stalled,
  ];
}
