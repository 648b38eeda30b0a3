/**
 * Modes as data. A studio's `frontrow.config.ts` default-exports `defineConfig({ modes, rooms, … })`; its type travels to
 * the client (`createClient<typeof config>`), so that a wrong mode name in game code does not compile.
 */
import * as z from "zod";
import type { Limits } from "../limits.ts";
import { METRO } from "../metro.ts";
import { type MatchMode, match, matchModeProblems, SPECTATORS_MAX } from "./match-mode.ts";
import { shapeProblems } from "./shape-problems.ts";

/** A place in an open room now, else in a new one. */
export interface FillMode<Options extends z.ZodType = z.ZodType, RoomName extends string = string> {
  readonly kind: "fill";
  /** Capacity of a room, 1 to 1,000. */
  readonly seats: number;
  /** The Colyseus room type; the mode's own name unless given. */
  readonly room?: RoomName | undefined;
  /** What a player may send along when joining; anything small when absent. */
  readonly options?: Options | undefined;
  /** Metros further than this from the player are not used while a nearer one is up; ms. */
  readonly latencyMsMax?: number | undefined;
  /** Metros that may host this mode; all when absent. */
  readonly allowedMetros?: readonly string[] | undefined;
  /** Who may look on in a room, beside its seats; 0 to 1,000, nobody when absent. */
  readonly spectators?: number | undefined;
}
export type Mode = FillMode | MatchMode;

/** Which builds and platforms may play together: the first row that fits names the compat. */
export interface CompatRow {
  /** Exact build, or a prefix ending in `*`. */
  readonly build: string;
  /** Exact platform, or `*`. */
  readonly platform?: string;
  readonly compat: string;
}

export interface FrontrowConfig<Modes extends Record<string, Mode> = Record<string, Mode>, Rooms = unknown> {
  readonly modes: Modes;
  /**
   * Loads the room classes, by room type; only game servers call it. Either a record, or a module with one as default or
   * named `rooms`, or a module that defines an ordinary Colyseus server.
   */
  readonly rooms: () => Promise<Rooms>;
  /** Builds that are not in the table may not play; without a table everybody plays with everybody. */
  readonly compat?: readonly CompatRow[];
  /** Bounds and times that differ from the defaults. */
  readonly limits?: Partial<Limits>;
}

/** The names of a config's modes. */
export type ModeNames<C> = C extends FrontrowConfig<infer M, unknown> ? keyof M & string : string;
/** What a mode's options schema takes. */
export type OptionsOf<C, N extends string> =
  C extends FrontrowConfig<infer M, unknown> ? InputOf<M[N & keyof M]> : Record<string, unknown>;
type InputOf<M> = M extends FillMode<infer O> | MatchMode<infer O>
  ? unknown extends z.input<O>
    ? Record<string, unknown>
    : z.input<O>
  : never;
/** The room type that a mode names, or the mode's own name. */
type RoomOf<C, N extends string> =
  C extends FrontrowConfig<infer M, unknown> ? (N extends keyof M ? NamedRoom<M[N], N> : N) : N;
type NamedRoom<Mode, N> = Mode extends { readonly room?: infer Room }
  ? string extends Room
    ? N
    : Exclude<Room, undefined>
  : N;
/** The state of a mode's room, where `rooms` loads a module that exports `rooms` by room type. */
export type StateOf<C, N extends string> =
  C extends FrontrowConfig<Record<string, Mode>, { rooms: infer R }>
    ? RoomOf<C, N> extends keyof R
      ? R[RoomOf<C, N>] extends new (
          ...args: never[]
        ) => { state: infer S }
        ? S
        : unknown
      : unknown
    : unknown;

export function fill<Options extends z.ZodType, const RoomName extends string = string>(
  mode: Omit<FillMode<Options, RoomName>, "kind">,
): FillMode<Options, RoomName> {
  return { kind: "fill", ...mode };
}

export { type MatchMode, match } from "./match-mode.ts";

const FillModeShape = z.strictObject({
  kind: z.literal("fill"),
  seats: z.int().min(1).max(1_000),
  room: z.string().min(1).max(64).optional(),
  options: z.custom<z.ZodType>((value) => value instanceof z.ZodType, "must be a zod schema").optional(),
  latencyMsMax: z.number().positive().max(10_000).optional(),
  allowedMetros: z.array(z.string().regex(METRO)).min(1).optional(),
  spectators: z.int().min(0).max(SPECTATORS_MAX).optional(),
});

const ConfigShape = z.strictObject({
  modes: z
    .record(
      z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/, "a mode's name is 1 to 32 letters, digits, _ or -"),
      z.unknown().superRefine((mode, context) => {
        for (const [path, message] of modeProblems(mode)) {
          context.addIssue({ code: "custom", path: path ? path.split(".") : [], message });
        }
      }),
    )
    .refine((modes) => Object.keys(modes).length > 0, "at least one mode"),
  rooms: z.custom<() => Promise<unknown>>(
    (value) => typeof value === "function",
    'must be a function, such as () => import("./rooms.ts")',
  ),
  compat: z
    .array(
      z.strictObject({
        build: z.string().min(1),
        platform: z.string().optional(),
        compat: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/),
      }),
    )
    .optional(),
  limits: z.record(z.string(), z.number()).optional(),
});

function modeProblems(mode: unknown): [path: string, message: string][] {
  if ((mode as Mode | null)?.kind === "match") return matchModeProblems(mode).map(pathAndMessage);
  if ((mode as Mode | null)?.kind !== "fill") return [["", "a mode is what fill({ … }) or match({ … }) makes"]];
  const parsed = FillModeShape.safeParse(mode);
  return parsed.success ? [] : shapeProblems(parsed.error, Object.keys(FillModeShape.shape)).map(pathAndMessage);
}

function pathAndMessage(problem: string): [path: string, message: string] {
  const [path = "", message = ""] = problem.split(/: (.*)/s, 2);
  return [path, message];
}

/** A mode may come as JSON or from `match()`. */
const filled = (mode: Mode): Mode => (mode.kind === "match" ? match(mode as never) : mode);

/** Every problem of a config, as `path: what is wrong`; empty when it is good. */
export function configProblems(config: unknown): string[] {
  const parsed = ConfigShape.safeParse(config);
  return parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${issue.path.join(".") || "(config)"}: ${sentenceOf(issue)}`);
}

/** zod keeps what is wrong with a record's key one level down. */
const sentenceOf = (issue: z.core.$ZodIssue) =>
  issue.code === "invalid_key" ? issue.issues.map((inner) => inner.message).join("; ") : issue.message;

/** Checks and freezes a config. Throws one Error that lists every problem. */
export function defineConfig<const Modes extends Record<string, Mode>, Rooms>(
  config: FrontrowConfig<Modes, Rooms>,
): FrontrowConfig<Modes, Rooms> {
  const problems = configProblems(config);
  if (problems.length > 0) throw new Error(`frontrow.config: ${problems.join("\nfrontrow.config: ")}`);
  const modes = Object.fromEntries(Object.entries(config.modes).map(([name, mode]) => [name, filled(mode)]));
  return Object.freeze({ ...config, modes: modes as unknown as Modes });
}

/** Compat of everybody where no table is set. */
export const COMPAT_ANY = "any";

/** Who a build may play with; undefined: the table has no row for it. */
export function compatOf(table: readonly CompatRow[] | undefined, build = "", platform = ""): string | undefined {
  if (!table) return COMPAT_ANY;
  const fits = (pattern: string, value: string) =>
    pattern.endsWith("*") ? value.startsWith(pattern.slice(0, -1)) : value === pattern;
  return table.find((row) => fits(row.build, build) && fits(row.platform ?? "*", platform))?.compat;
}
