/** What one variable of the environment is: who reads it, what it may say, and why. */
import type * as z from "zod";

export const processKinds = ["dev", "edge", "matchmaker", "game-server"] as const;
export type ProcessKind = (typeof processKinds)[number];

export interface Setting {
  readonly env: string;
  readonly shape: z.ZodType<unknown, string>;
  readonly readBy: readonly ProcessKind[];
  /** What it says, and why its default is what it is. */
  readonly about: string;
  readonly default?: string | { readonly [K in ProcessKind]?: string };
  readonly developmentDefault?: string | { readonly [K in ProcessKind]?: string };
  /** Where a process does not start without it. */
  readonly needed?: {
    readonly when: "always" | "production";
    readonly by: readonly ProcessKind[];
    readonly because: string;
  };
  /** Never printed, not even in an error. */
  readonly secret?: true;
  /** Shown in `.env.example` where there is no default to show. */
  readonly example?: string;
}
