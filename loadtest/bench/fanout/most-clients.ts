/** How many clients a core holds: upwards by what a client has cost so far, then halves of what is left between yes and no. */
import type { Field, Measured } from "./field.ts";
import { TICK_HZ, TICK_MS } from "./world.ts";

/** What a core may be used up to, percent: the rest is for what is not steady. */
const CPU_MAX = 75;
/** Of what was due; below it somebody was sent less. */
const SENT_MIN = 0.99;
/** Sinks reach their end here, percent of their core: what they say then is about themselves. */
const SINK_CPU_MAX = 97;

const PROBES = 6;
/** As near as this, as a part, is near enough. */
const NEAR_ENOUGH = 0.04;
const GRAIN = 50;
/** Of one address to one port there are no more connections than ephemeral ports. */
const CLIENTS_MAX = 20_000;
const WINDOW_MS = 5_000;
/** A failure counts when it happens twice: machines are shared. */
const TRIES = 2;

/** Why it was too many clients; undefined: it was not. */
export function whyTooMany({ clients, server, sink }: Measured): string | undefined {
  const due = (server.lastedMs / TICK_MS) * clients;
  if (server.cpuPercent > CPU_MAX) return `the core was used to ${server.cpuPercent.toFixed(0)} %`;
  if (server.tickP99Ms > TICK_MS) return `the tick's p99 was ${server.tickP99Ms.toFixed(0)} ms`;
  if (server.ticks < (server.lastedMs / 1_000) * TICK_HZ * SENT_MIN - 1) return `there were ${server.ticks} ticks`;
  if (server.frames < due * SENT_MIN - clients) return `${server.frames} of ${due.toFixed(0)} frames were sent`;
  if (server.slowed > 0) return `${server.slowed} clients were slowed down`;
  if (sink.clients !== clients) return `${clients - sink.clients} connections were lost`;
  return undefined;
}

function tell({ clients, server, sink }: Measured, why: string | undefined): void {
  const isSinkFull = sink.cpuPercent > SINK_CPU_MAX ? "; the sink's core is full" : "";
  console.error(
    `${clients} clients: ${server.cpuPercent.toFixed(0)} % of a core, tick p50 ${server.tickP50Ms.toFixed(1)} p99 ${server.tickP99Ms.toFixed(1)} ms, ` +
      `${sink.bytesPerFrame.toFixed(0)} B a frame, delivery p50 ${sink.p50Ms.toFixed(1)} p99 ${sink.p99Ms.toFixed(1)} ms, ` +
      `sink ${sink.cpuPercent.toFixed(0)} %${isSinkFull}: ${why ?? "held"}`,
  );
}

async function holds(field: Field, clients: number): Promise<Measured | undefined> {
  for (let turn = 0; turn < TRIES; turn++) {
    await field.clients(clients);
    const measured = await field.measure(WINDOW_MS);
    const why = whyTooMany(measured);
    tell(measured, why);
    if (why === undefined) return measured;
  }
  return undefined;
}

/** The most that were held, beginning with `from`; 0 where not even those were. */
export async function mostClients(field: Field, from: number): Promise<number> {
  let [held, tooMany, next] = [0, CLIENTS_MAX, from];
  for (let probe = 0; probe < PROBES && next > held && next < tooMany; probe++) {
    const measured = await holds(field, next);
    if (measured) held = next;
    else tooMany = next;
    if (tooMany - held <= held * NEAR_ENOUGH) break;
    const byCost = measured ? (held * CPU_MAX) / measured.server.cpuPercent : Number.POSITIVE_INFINITY;
    const wanted = Math.min(byCost, tooMany === CLIENTS_MAX ? 2 * held : (held + tooMany) / 2);
    next = Math.max(held + GRAIN, Math.floor(wanted / GRAIN) * GRAIN);
  }
  return held;
}
