/** What the API takes and answers. Requests are checked with these schemas, and the OpenAPI document is made of them. */
import { Json } from "@frontrow/shared/protocol/json.ts";
import { ModeName, Seat as SeatWords } from "@frontrow/shared/protocol/words.ts";
import * as z from "zod";
import { PLAYER_ID_CHARS_MAX } from "../embed/submission.ts";
import { AVOID_MAX, METROS_PER_TICKET } from "../pool/words.ts";
import { LEADERBOARD_DEPTH, LEADERBOARD_PAGE_MAX } from "../rating/rating-store.ts";
import { Code } from "./problem.ts";

const PlayerId = z.string().min(1).max(PLAYER_ID_CHARS_MAX).meta({ example: "ada" });
const Role = z.string().min(1).max(32);
const Attributes = z
  .record(z.string().max(64), Json)
  .meta({ type: "object", additionalProperties: {}, description: "Of the mode's `options` shape." });
const Compat = z
  .string()
  .max(64)
  .meta({ description: "Which builds may meet, as the compat table names it; needed where there is one." });
const MatchId = z.string().meta({ example: "x2Kd9…" });

export const ModePath = z.object({ mode: ModeName.meta({ example: "duel" }) });
export const TicketPath = z.object({
  id: z.string().min(1).max(128),
});

export const PlayerPath = z.object({ playerId: PlayerId });

/** `waitMsMax` is below what proxies commonly cut, so that a poll ends with an answer. */
export const waitQuery = (waitMsMax: number) =>
  z.object({
    waitMs: z.coerce.number().int().min(0).max(waitMsMax).default(0).meta({
      description: "Wait so long for the ticket's end, or for a ready check.",
    }),
  });

export const IdempotencyHeader = z.object({
  "idempotency-key": z
    .string()
    .regex(/^[\x21-\x7e]{1,64}$/, "1 to 64 visible characters")
    .optional()
    .meta({
      description: "Said again with the same body, the request answers the same and does nothing twice.",
    }),
});
export const IdempotencyHeaderNeeded = z.object({
  "idempotency-key": IdempotencyHeader.shape["idempotency-key"].unwrap(),
});

export const TicketRequest = z
  .strictObject({
    mode: ModeName.meta({ example: "duel" }),
    players: z
      .array(
        z.strictObject({
          id: PlayerId,
          role: z
            .union([Role, z.array(Role).min(1).max(16)])
            .optional()
            .meta({ description: "Roles that the player would take, best first; any unless given." }),
        }),
      )
      .min(1)
      .max(64)
      .meta({ description: "The party: it plays together, in one team." }),
    attributes: Attributes.optional(),
    metros: z
      .record(z.string().max(8), z.number().nonnegative())
      .refine((metros) => Object.keys(metros).length <= METROS_PER_TICKET, `at most ${METROS_PER_TICKET} metros`)
      .optional()
      .meta({ description: "Round trip of the worst placed player to each metro, ms." }),
    avoid: z.array(PlayerId).max(AVOID_MAX).optional().meta({ description: "Players not to be met." }),
    receipt: z.string().max(512).optional().meta({ description: "Of an earlier ticket: keeps its age." }),
    compat: Compat.optional(),
  })
  .meta({ id: "TicketRequest" });

/** In a room of Frontrow's game servers. */
const SeatView = SeatWords.meta({
  id: "Seat",
  description: "The player dials `ws[s]://{publicAddress}/{token}/{roomId}`, or gives it to a Colyseus SDK.",
});

const SeatedPlayer = z
  .object({
    id: PlayerId,
    seat: SeatView.optional(),
    connection: Json.optional().meta({
      type: ["object", "array", "string", "number", "boolean", "null"],
      description: "Whatever the `place` hook of an embedding server gave.",
    }),
  })
  .meta({ id: "SeatedPlayer" });

const RefusalView = z
  .object({
    code: Code,
    message: z.string(),
    retryable: z.boolean(),
    retryAfterMs: z.number().nonnegative(),
    issues: z.array(z.string()).optional(),
  })
  .meta({ id: "Refusal" });

export const TicketView = z
  .object({
    id: z.string(),
    mode: ModeName,
    state: z.enum(["waiting", "asked", "placing", "matched", "ended"]).meta({
      description: "`asked`: a match was found, say `ready`. `matched` and `ended` are final.",
    }),
    players: z.array(PlayerId),
    ageMs: z.number().nonnegative(),
    leaseMs: z.number().nonnegative().meta({ description: "Ask again within this, or the ticket ends." }),
    metro: z.string().optional(),
    estimate: z
      .object({
        players: z.int().nonnegative().meta({ description: "In the ticket's pool." }),
        waitMs: z.number().nonnegative().optional().meta({ description: "How long others waited lately." }),
      })
      .optional(),
    why: z.array(z.string()).meta({ description: "What keeps it waiting; of a match, why it was made." }),
    receipt: z.string().optional().meta({ description: "Keeps its age, in a later ticket." }),
    askMs: z.number().positive().optional().meta({ description: "Time to answer a ready check." }),
    match: z
      .object({ id: MatchId, metro: z.string(), team: z.int().nonnegative(), players: z.array(SeatedPlayer) })
      .optional(),
    error: RefusalView.optional(),
  })
  .meta({ id: "Ticket" });

export const ReadyRequest = z
  .strictObject({ accept: z.boolean().meta({ description: "The whole party's word." }) })
  .meta({ id: "ReadyRequest" });

export const MatchRequest = z
  .strictObject({
    mode: ModeName.meta({ example: "duel" }),
    teams: z
      .array(
        z.strictObject({
          players: z.array(z.strictObject({ id: PlayerId, role: Role.optional(), attributes: Attributes.optional() })),
        }),
      )
      .min(1)
      .max(32)
      .meta({ description: "In the mode's order; a team may have fewer players than seats." }),
    bots: z.array(z.int().nonnegative()).max(32).optional().meta({ description: "Bots by team; none unless given." }),
    compat: Compat.optional(),
  })
  .meta({ id: "MatchRequest" });

export const MatchView = z
  .object({
    id: MatchId,
    mode: ModeName,
    metro: z.string(),
    teams: z.array(z.object({ players: z.array(SeatedPlayer) })),
  })
  .meta({ id: "Match" });

export const PauseView = z.strictObject({ paused: z.boolean() }).meta({ id: "Pause" });

export const PoolsView = z
  .object({
    replica: z.string().meta({ description: "Who answers: a metro's replicas each own some of its pools." }),
    pools: z.array(
      z.object({
        mode: ModeName,
        compat: z.string(),
        tickets: z.int().nonnegative(),
        players: z.int().nonnegative(),
        waitMs: z.number().nonnegative().optional(),
      }),
    ),
  })
  .meta({ id: "Pools" });

export const ExplainedView = z
  .object({ id: z.string(), mode: ModeName, why: z.array(z.string()) })
  .meta({ id: "ExplainedTicket" });

export const LeaderboardQuery = z.object({
  limit: z.coerce.number().int().min(1).max(LEADERBOARD_PAGE_MAX).default(50),
  offset: z.coerce.number().int().min(0).max(LEADERBOARD_DEPTH).default(0),
});
export const LeaderboardView = z
  .object({
    mode: ModeName,
    entries: z.array(
      z.object({ place: z.int().positive(), playerId: z.string(), rating: z.number(), matches: z.int().nonnegative() }),
    ),
  })
  .meta({ id: "Leaderboard" });

export const ErrorView = z
  .object({
    code: Code,
    http: z.int(),
    retryable: z.boolean(),
    retryAfterMs: z.number(),
    message: z.string(),
  })
  .meta({ id: "Error" });
