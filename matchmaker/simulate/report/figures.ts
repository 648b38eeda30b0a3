/** Which charts a report has, and how each is read. */
import type { Distribution, ModeReport } from "../words.ts";
import { type Axis, durationAxis, numberAxis, percentAxis, timeAxis } from "./axis.ts";
import { type Chart, chart, type Line, legend } from "./chart.ts";
import type { SimulationResult } from "./result.ts";
import { duration, percent } from "./words-of.ts";

export interface Figure {
  readonly title: string;
  readonly how: string;
  /** Legend and drawing. */
  readonly html: string;
}

/** Those of which there is something to see. */
export function figuresOf(result: SimulationResult): Figure[] {
  const { modes, input } = result;
  const played = input.asPlayed;
  return [
    shares(modes, {
      title: "How long they wait",
      how: "A line that climbs early is a short wait. Dots are p50 and p95; unmatched tickets are not in it.",
      of: ({ waitMs }) => waitMs,
      unit: "tickets",
      axis: (max) => durationAxis("wait", max),
      word: duration,
    }),
    shares(modes, {
      title: "How equal they are",
      how: "The largest difference of ratings in a match. A line that climbs early is a match of equals.",
      of: ({ spread }) => spread,
      unit: "matches",
      axis: (max) => numberAxis("skill spread, rating points", max),
      word: (value) => `${Math.round(value)} points`,
      reference: played?.spread && { name: "as really played", distribution: played.spread },
    }),
    shares(modes, {
      title: "How open the matches are",
      how: "The predicted chance of the likeliest winner. An even duel is 50 %.",
      of: ({ favourite }) => favourite,
      unit: "matches",
      axis: (max) => percentAxis("favourite wins", max < 0.5 ? 0 : 0.5, 1),
      word: percent,
      reference: played?.favourite && { name: "as really played", distribution: played.favourite },
    }),
    shares(modes, {
      title: "How far they are from their server",
      how: "Round trip of each player to the metro of his match.",
      of: ({ rttMs }) => rttMs,
      unit: "players",
      axis: (max) => durationAxis("round trip", max),
      word: duration,
    }),
    shares(modes, {
      title: "What others cost them",
      how: "How much longer that round trip is than to the player's nearest metro.",
      of: ({ deltaMs }) => deltaMs,
      unit: "players",
      axis: (max) => durationAxis("beyond the nearest metro", max),
      word: duration,
    }),
    arrivals(result),
    overTime(result),
  ].filter((figure) => figure !== undefined);
}

interface Shares {
  readonly title: string;
  readonly how: string;
  readonly of: (mode: ModeReport) => Distribution | undefined;
  /** What the share is of. */
  readonly unit: string;
  readonly axis: (max: number) => Axis;
  readonly word: (value: number) => string;
  readonly reference?: { readonly name: string; readonly distribution: Distribution } | undefined;
}

/** Cumulative shares, a line a mode. */
function shares(
  modes: readonly ModeReport[],
  { title, how, of, unit, axis, word, reference }: Shares,
): Figure | undefined {
  const lines = modes.flatMap((mode, style): Line[] => {
    const distribution = of(mode);
    return distribution ? [{ name: mode.name, style, ...curve(distribution, word) }] : [];
  });
  if (lines.length === 0) return undefined;
  // The last hundredth would leave no room for the others.
  const furthest = Math.max(...modes.map((mode) => of(mode)?.p99 ?? 0));
  if (reference)
    lines.push({ name: reference.name, style: "reference", ...curve(reference.distribution, word), marks: [] });
  const says = modes.flatMap((mode) => {
    const distribution = of(mode);
    return distribution ? [`${mode.name} p50 ${word(distribution.p50)}, p95 ${word(distribution.p95)}`] : [];
  });
  return figure(title, how, {
    says: `${title}: ${says.join("; ")}`,
    x: axis(furthest),
    y: percentAxis(`share of ${unit}`, 0, 1),
    lines,
  });
}

function curve({ curve: values, p50, p95 }: Distribution, word: (value: number) => string) {
  return {
    points: values.map((value, percentile) => [value, percentile / 100] as const),
    marks: [
      { x: p50, y: 0.5, says: `p50 ${word(p50)}` },
      { x: p95, y: 0.95, says: `p95 ${word(p95)}` },
    ],
  };
}

function arrivals({ modes, spanMs }: SimulationResult): Figure | undefined {
  const steps = modes[0]!.timeline;
  const perHour = steps.length > 0 && spanMs > 0 ? 3_600_000 / (spanMs / steps.length) : 0;
  if (perHour === 0) return undefined;
  const points = steps.map(({ atMs, tickets }) => [atMs, tickets * perHour] as const);
  const most = Math.max(...points.map(([, tickets]) => tickets));
  return figure("When they come", "Tickets an hour, from the first ticket to the last.", {
    says: `Tickets an hour over ${duration(spanMs)}, at most ${Math.round(most)}`,
    x: timeAxis("time", spanMs),
    y: numberAxis("tickets an hour", most),
    lines: [{ name: "tickets an hour", style: "reference", points }],
    filled: true,
  });
}

function overTime({ modes, spanMs }: SimulationResult): Figure | undefined {
  const lines = modes.map(({ name, timeline }, style): Line => {
    return {
      name,
      style,
      points: timeline.flatMap(({ atMs, waitMs }) => (waitMs === null ? [] : [[atMs, waitMs] as const])),
    };
  });
  const longest = Math.max(0, ...lines.flatMap(({ points }) => points.map(([, waitMs]) => waitMs)));
  if (longest === 0 || spanMs === 0) return undefined;
  return figure(
    "When they wait",
    "The median wait of the tickets that came then: quiet hours are the test of a rule.",
    {
      says: `Median wait over ${duration(spanMs)}, at most ${duration(longest)}`,
      x: timeAxis("time", spanMs),
      y: durationAxis("median wait", longest),
      lines,
    },
  );
}

function figure(title: string, how: string, drawing: Chart): Figure {
  return { title, how, html: (drawing.lines.length > 1 ? legend(drawing.lines) : "") + chart(drawing) };
}
