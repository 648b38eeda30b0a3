/**
 * Metro choice, pure: from measured distances to an order of metros, with the reasons in sentences.
 *
 * A player's distance to a metro is player→edge plus edge→metro. Metros that the mode may use come first by that distance;
 * those beyond the mode's limit only after all others, so that a far player waits for nobody; a metro whose distance is not
 * known yet is never left out, it comes last. The metro used before stays first while another is nearer by less than
 * STICKY_MS, and equals are ordered by their code, so that neighbours meet.
 */

/** A metro is left for a nearer one only when that saves this much: jitter alone moves nobody; ms. */
const STICKY_MS = 5;
/** Distances closer than this count as equal: less than a clock's and a kernel's noise; ms. */
const EQUAL_MS = 0.5;

export interface MetroDistance {
  readonly metro: string;
  readonly up: boolean;
  /** Edge to metro, ms; undefined: not measured yet. */
  readonly edgeToMetroMs: number | undefined;
}

export interface RouteQuestion {
  readonly metros: readonly MetroDistance[];
  /** Player to this edge, ms; undefined: not measured yet (it is the same for every metro). */
  readonly playerToEdgeMs: number | undefined;
  /** Few probes have come back: the first may have waited for a page that was busy, and the player is shown better ones later. */
  readonly isUnverified?: boolean | undefined;
  /** Residency and mode: only these; undefined allows all. */
  readonly allowedMetros?: readonly string[] | undefined;
  readonly latencyMsMax?: number | undefined;
  /** Where the player played last. */
  readonly previous?: string | undefined;
}

export interface Route {
  /** Best first; empty when nothing that is allowed is up. */
  readonly order: readonly string[];
  readonly why: readonly string[];
}

interface Candidate {
  readonly metro: string;
  readonly distanceMs: number | undefined;
  readonly beyond: boolean;
}

export function route(question: RouteQuestion): Route {
  const why: string[] = [];
  const candidates: Candidate[] = [];
  for (const { metro, up, edgeToMetroMs } of question.metros) {
    if (question.allowedMetros && !question.allowedMetros.includes(metro)) {
      why.push(`${metro} may not host this.`);
    } else if (!up) {
      why.push(`${metro} is not connected.`);
    } else {
      const distanceMs = edgeToMetroMs === undefined ? undefined : edgeToMetroMs + (question.playerToEdgeMs ?? 0);
      candidates.push({ metro, distanceMs, beyond: (distanceMs ?? 0) > (question.latencyMsMax ?? Infinity) });
    }
  }
  candidates.sort(compare);
  stick(candidates, question.previous, why);
  return { order: candidates.map(({ metro }) => metro), why: [...reasons(candidates, question), ...why] };
}

function compare(a: Candidate, b: Candidate): number {
  if (a.beyond !== b.beyond) return a.beyond ? 1 : -1;
  const byDistance = bucket(a.distanceMs) - bucket(b.distanceMs);
  return byDistance !== 0 ? byDistance : a.metro < b.metro ? -1 : 1;
}

/** Equal within EQUAL_MS must be transitive to be sortable, so distances fall into steps of that size. Unknown is last. */
const bucket = (distanceMs: number | undefined) =>
  distanceMs === undefined ? Number.MAX_SAFE_INTEGER : Math.floor(distanceMs / EQUAL_MS);

function stick(candidates: Candidate[], previous: string | undefined, why: string[]): void {
  const at = candidates.findIndex(({ metro }) => metro === previous);
  const [best] = candidates;
  const kept = candidates[at];
  if (at <= 0 || !best || !kept || kept.beyond || kept.distanceMs === undefined || best.distanceMs === undefined)
    return;
  const savedMs = kept.distanceMs - best.distanceMs;
  if (savedMs >= STICKY_MS) return;
  candidates.splice(at, 1);
  candidates.unshift(kept);
  why.push(`${kept.metro} was used before, and ${best.metro} is only ${ms(savedMs)} nearer.`);
}

function reasons(
  candidates: readonly Candidate[],
  { playerToEdgeMs, isUnverified, latencyMsMax }: RouteQuestion,
): string[] {
  const soFar = isUnverified ? " by the first probes" : "";
  return candidates.map(({ metro, distanceMs, beyond }, place) => {
    if (distanceMs === undefined) return `${metro}: distance not measured yet.`;
    const sum =
      playerToEdgeMs === undefined
        ? ""
        : ` (${ms(playerToEdgeMs)} to the edge${soFar}, ${ms(distanceMs - playerToEdgeMs)} on)`;
    const limit = beyond ? `, beyond the mode's ${latencyMsMax} ms` : "";
    return `${metro}: ${ms(distanceMs)}${sum}${limit}${place === 0 ? ", chosen" : ""}.`;
  });
}

const ms = (value: number) => `${value < 10 ? Math.round(value * 10) / 10 : Math.round(value)} ms`;
