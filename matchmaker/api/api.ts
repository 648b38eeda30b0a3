/**
 * The HTTP API for studios' servers: a Web-standard handler, so that it runs beside the link door of a matchmaker process, inside an
 * embedding server, or in a test. A request passes, in this order: its key, the key's rate, its size and JSON, the route's scope and
 * schemas; whatever goes wrong anywhere ends as a problem with a code of the catalogue.
 */
import { type ErrorCode, errorCatalogue, FrontrowError, refusal, refusalOf } from "@frontrow/shared/errors.ts";
import { depthWithin, issuesOf } from "@frontrow/shared/protocol/codec.ts";
import { TokenBucket } from "@frontrow/shared/token-bucket.ts";
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { createHeldTickets } from "./held-tickets.ts";
import { createIdempotency } from "./idempotency.ts";
import { createApiKeys } from "./keys.ts";
import { Code, problemResponse } from "./problem.ts";
import { matchRoutes } from "./routes/matches.ts";
import { operationRoutes } from "./routes/operations.ts";
import { ticketRoutes } from "./routes/tickets.ts";
import { ErrorView } from "./schemas.ts";
import { type ApiEnv, type ApiOptions, type ApiWorld, problems } from "./world.ts";

export interface Api {
  fetch(request: Request): Promise<Response>;
  /** OpenAPI 3.1. */
  readonly document: object;
  /** Every waiting request is answered as things stand. */
  close(): void;
}

/** What nobody needs a key for. */
const OPEN = /^\/v1\/(openapi\.json|errors\/)/;
/** Lists within lists, a mode's attributes included. */
const LEVELS_MAX = 24;

export function createApi(options: ApiOptions): Api {
  const { limits, clock } = options;
  const keys = createApiKeys(options.keys);
  const budgets = new Map<string, TokenBucket>();
  const held = createHeldTickets({ ...options, giveBack: options.matches.giveBack });
  const { idempotencyKeptMs, idempotencyKeysMax } = limits;
  const world: ApiWorld = {
    ...options,
    held,
    submissions: createIdempotency(clock, idempotencyKeptMs, idempotencyKeysMax),
    rosters: createIdempotency(clock, idempotencyKeptMs, idempotencyKeysMax),
  };

  const app = new OpenAPIHono<ApiEnv>({
    defaultHook(result) {
      if (result.success) return;
      const issues = issuesOf(result.error).map((issue) =>
        result.target === "json" ? issue : `${result.target} ${issue}`,
      );
      throw new FrontrowError("BAD_REQUEST", undefined, { issues });
    },
  });

  function spend(key: string): void {
    const perSecond = limits.apiRequestsPerKeyPerSecond;
    const budget = budgets.get(key) ?? new TokenBucket(perSecond, 2 * perSecond, clock.nowMs());
    budgets.set(key, budget);
    if (!budget.take(clock.nowMs())) throw new FrontrowError("RATE_LIMITED");
  }

  app.use(async (c, next) => {
    c.set("requestId", options.requestId());
    c.header("x-request-id", c.var.requestId);
    c.header("cache-control", "no-store");
    if (!OPEN.test(c.req.path)) {
      c.set("key", keys.verify(c.req.header("authorization") ?? "", options.wallMs()));
      spend(c.var.key.id);
    }
    await next();
  });
  app.use(
    bodyLimit({
      maxSize: limits.apiBodyBytes,
      onError() {
        throw new FrontrowError("MESSAGE_TOO_LARGE");
      },
    }),
  );
  app.use(async (c, next) => {
    if (c.req.raw.body !== null) checkJson(await c.req.text());
    await next();
  });

  addRoutes(app, world);
  const document = documentOf(app);
  app.get("/v1/openapi.json", (c) => c.json(document));
  refuseOtherMethods(app);

  app.notFound((c) => problemResponse(refusal("NOT_FOUND"), c.var.requestId));
  app.onError((error, c) => {
    const why = error instanceof HTTPException ? refusal("BAD_REQUEST", httpSentence(error)) : refusalOf(error);
    const { requestId, key } = c.var;
    if (why.code === "INTERNAL") options.observe({ kind: "threw", error });
    options.observe({ kind: "api-refused", code: why.code, requestId, key: key?.id ?? "" });
    const allow = error instanceof MethodNotAllowed ? { allow: error.allow } : {};
    return problemResponse(why, requestId, { "x-request-id": requestId, ...allow });
  });

  return {
    fetch: async (request) => app.fetch(request),
    document,
    close: held.close,
  };
}

function addRoutes(app: OpenAPIHono<ApiEnv>, world: ApiWorld): void {
  app.use("/v1/tickets/:id/*", async (c, next) => {
    const passed = world.replicas.byTicket({ raw: c.req.raw, text: () => c.req.text() }, c.req.param("id"));
    if (passed) return passed;
    await next();
    return undefined;
  });
  ticketRoutes(app, world);
  matchRoutes(app, world);
  operationRoutes(app, world);
  app.openapi(explainError, (c) => {
    const { code } = c.req.valid("param");
    if (!isCode(code)) throw new FrontrowError("NOT_FOUND");
    const { http, retryable, retryAfterMs, message } = errorCatalogue[code];
    return c.json({ code, http, retryable, retryAfterMs, message }, 200);
  });
}

/** Of the routes alone, for who has no matchmaker at hand. */
export function openApiDocument(limits: ApiOptions["limits"]): object {
  const app = new OpenAPIHono<ApiEnv>();
  addRoutes(app, { limits } as ApiWorld);
  return documentOf(app);
}

const isCode = (code: string): code is ErrorCode => Object.hasOwn(errorCatalogue, code);

const explainError = createRoute({
  method: "get",
  path: "/v1/errors/{code}",
  operationId: "explainError",
  summary: "What an error's code says",
  tags: ["errors"],
  security: [],
  request: { params: z.object({ code: Code }) },
  responses: {
    200: { description: "Its line of the catalogue.", content: { "application/json": { schema: ErrorView } } },
    ...problems,
  },
});

/** A body that is no JSON is told so before anything looks into it. */
function checkJson(text: string): void {
  if (text === "") return;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new FrontrowError("BAD_REQUEST", "The body is not JSON.");
  }
  if (!depthWithin(value, LEVELS_MAX)) throw new FrontrowError("BAD_REQUEST", "The body is nested too deep.");
}

const httpSentence = ({ status }: HTTPException) =>
  status === 415
    ? "The body's content-type must be application/json."
    : status === 400
      ? "The body is empty; it must be JSON."
      : undefined;

class MethodNotAllowed extends FrontrowError {
  readonly allow: string;
  constructor(allow: string) {
    super("METHOD_NOT_ALLOWED", `It takes ${allow}.`);
    this.allow = allow;
  }
}

function refuseOtherMethods(app: OpenAPIHono<ApiEnv>): void {
  const byPath = Map.groupBy(
    app.routes.filter(({ method, path }) => method !== "ALL" && path.startsWith("/v1/")),
    ({ path }) => path,
  );
  for (const [path, routes] of byPath) {
    const allow = [...new Set(routes.map(({ method }) => method))].join(", ");
    app.all(path, () => {
      throw new MethodNotAllowed(allow);
    });
  }
}

function documentOf(app: OpenAPIHono<ApiEnv>): object {
  app.openAPIRegistry.registerComponent("securitySchemes", "apiKey", {
    type: "http",
    scheme: "bearer",
    description: "An API key, as `npx frontrow keys --api` makes it.",
  });
  return app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Frontrow matchmaker",
      version: "1",
      description: "For studios' servers; players use the SDK. Errors are RFC 9457 problems with a code.",
    },
  });
}
