/** The API on a listener's port: each of its addresses handed to the Web-standard handler, with the client's going as its signal. */
import type { Head, HttpReply, HttpRoute } from "@frontrow/listener/listener.ts";
import { refusal } from "@frontrow/shared/errors.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import type { Api } from "./api.ts";
import { problemResponse } from "./problem.ts";

const PATHS = [
  "/v1/tickets",
  "/v1/tickets/*",
  "/v1/matches",
  "/v1/modes/*",
  "/v1/pools",
  "/v1/pools/*",
  "/v1/leaderboards/*",
  "/v1/errors/*",
  "/v1/openapi.json",
];
/** What the API looks at. */
const HEADERS = ["authorization", "content-type", "content-length", "idempotency-key", "accept"];

export async function apiRoutes(
  { fetch }: Pick<Api, "fetch">,
  { limits, requestId }: { limits: Pick<Limits, "apiBodyBytes">; requestId: () => string },
): Promise<HttpRoute[]> {
  // Whose body is too large has not been asked for its key, and is told no more than that.
  const tooLarge = await replyOf(problemResponse(refusal("MESSAGE_TOO_LARGE"), requestId()));
  const body = { bytesMax: limits.apiBodyBytes, tooLarge };
  return PATHS.map((path) => ({
    method: "ANY",
    path,
    body,
    handle: async (head, bytes, gone) => {
      const request = requestOf(head, bytes, gone());
      return replyOf(request ? await fetch(request) : problemResponse(refusal("BAD_REQUEST"), requestId()));
    },
  }));
}

/** Undefined for what the Web's Request does not take: TRACE, bytes in a header that no header has. */
function requestOf(head: Head, body: Uint8Array, signal: AbortSignal): Request | undefined {
  try {
    return newRequest(head, body, signal);
  } catch {
    return undefined;
  }
}

function newRequest(head: Head, body: Uint8Array, signal: AbortSignal): Request {
  const headers = new Headers();
  for (const name of HEADERS) {
    const value = head.header(name);
    if (value !== "") headers.set(name, value);
  }
  const search = head.query.size > 0 ? `?${head.query}` : "";
  // The host is nobody's concern here, and a header that a client chose.
  const url = `http://matchmaker${head.path}${search}`;
  const mayHaveBody = head.method !== "GET" && head.method !== "HEAD" && body.length > 0;
  return new Request(url, { method: head.method, headers, signal, ...(mayHaveBody ? { body: body.slice() } : {}) });
}

async function replyOf(response: Response): Promise<HttpReply> {
  const headers = Object.fromEntries(response.headers);
  const isStream = headers["content-type"]?.startsWith("text/event-stream");
  const body = isStream ? response.body! : new Uint8Array(await response.arrayBuffer());
  return { status: response.status, headers, body };
}
