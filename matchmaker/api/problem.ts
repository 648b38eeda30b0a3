/** Errors as RFC 9457 has them, with what our catalogue knows besides: the code, whether and when to ask again, the request's id. */
import { type ErrorCode, errorCatalogue, type Refusal } from "@frontrow/shared/errors.ts";
import * as z from "zod";

/** Open-ended, because the catalogue grows and a client must live with a code that it has not heard of. */
export const Code = z
  .string()
  .regex(/^[A-Z][A-Z_]*[A-Z]$/)
  .meta({ description: "Of the catalogue: `GET /v1/errors/{code}` explains it.", example: "UNKNOWN_MODE" });

export const Problem = z
  .object({
    type: z.string().meta({ description: "Where the code is explained, relative to the request." }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: Code,
    retryable: z.boolean(),
    retryAfterMs: z.number().nonnegative(),
    requestId: z.string(),
    issues: z.array(z.string()).optional().meta({ description: "Single problems, as `path: what is wrong`." }),
  })
  .meta({ id: "Problem" });

export function problemResponse(why: Refusal, requestId: string, extra: Record<string, string> = {}): Response {
  const { code, message, retryable, retryAfterMs, issues } = why;
  const { http: status } = errorCatalogue[code];
  const body: z.infer<typeof Problem> = {
    type: typeOf(code),
    title: errorCatalogue[code].message,
    status,
    detail: message,
    code,
    retryable,
    retryAfterMs,
    requestId,
    ...(issues ? { issues: [...issues] } : {}),
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      ...(retryAfterMs > 0 ? { "retry-after": `${Math.ceil(retryAfterMs / 1_000)}` } : {}),
      ...(status === 401 ? { "www-authenticate": "Bearer" } : {}),
      ...extra,
    },
  });
}

const typeOf = (code: ErrorCode) => `/v1/errors/${code}`;
