/** What the API's routes share. */
import type { Clock } from "@frontrow/shared/clock.ts";
import type { ApiKey, ApiScope } from "@frontrow/shared/config/api-keys.ts";
import type { MatchMode } from "@frontrow/shared/config/match-mode.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import { createMiddleware } from "hono/factory";
import type { Desk } from "../embed/desk.ts";
import type { Matches } from "../matches.ts";
import type { RatingStore } from "../rating/rating-store.ts";
import type { HeldTickets } from "./held-tickets.ts";
import type { Idempotency } from "./idempotency.ts";
import { demandScope } from "./keys.ts";
import { Problem } from "./problem.ts";
import type { Replicas } from "./replicas.ts";
import type { ShowSeat } from "./view.ts";

export interface ApiOptions {
  readonly desk: Desk;
  readonly matches: Pick<Matches, "owner" | "place" | "giveBack">;
  readonly modes: Readonly<Record<string, MatchMode>>;
  readonly compats: readonly string[] | undefined;
  readonly metro: string;
  /** This process. */
  readonly replica: string;
  readonly replicas: Replicas;
  readonly ratings: Pick<RatingStore, "leaderboard">;
  readonly pauses: Pauses;
  readonly keys: readonly ApiKey[];
  readonly limits: Limits;
  readonly clock: Clock;
  /** Unix milliseconds. */
  readonly wallMs: () => number;
  readonly show: ShowSeat;
  readonly requestId: () => string;
  readonly observe: (event: ApiEvent) => void;
}

export interface Pauses {
  isPaused(mode: string): Promise<boolean>;
  setPaused(mode: string, paused: boolean): Promise<void>;
}

export type ApiEvent =
  | { readonly kind: "api-refused"; readonly code: string; readonly requestId: string; readonly key: string }
  /** An exception that nobody foresaw; its asker is told INTERNAL. */
  | { readonly kind: "threw"; readonly error: unknown };

export interface ApiWorld extends ApiOptions {
  readonly held: HeldTickets;
  readonly submissions: Idempotency<string>;
  readonly rosters: Idempotency<unknown>;
}

export interface ApiEnv {
  Variables: { requestId: string; key: ApiKey };
}

/** Of a route that only keys with this scope may use. */
export const needs = (scope: ApiScope) => ({
  security: [{ apiKey: [scope] }],
  middleware: createMiddleware<ApiEnv>(async (c, next) => {
    demandScope(c.var.key, scope);
    await next();
  }),
});

/** Every other answer of a route. */
export const problems = {
  default: { description: "What went wrong.", content: { "application/problem+json": { schema: Problem } } },
} as const;
