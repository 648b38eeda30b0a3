/**
 * The edge's HTTP, free of any runtime: rooms of a mode, the stock SDK's doors, CORS. Every answer is JSON, every error one of
 * the catalogue with a request id.
 */
import { errorCatalogue, FrontrowError, type Refusal, refusalOf } from "@frontrow/shared/errors.ts";
import { modeHint } from "@frontrow/shared/nearest.ts";
import { decode } from "@frontrow/shared/protocol/codec.ts";
import * as z from "zod";
import { type MatchmakeRequest, matchmake } from "./colyseus/matchmake.ts";
import { stockErrorBody } from "./colyseus/reservation.ts";
import type { Edge } from "./edge.ts";
import type { OriginRule } from "./origins.ts";
import type { MetroLink } from "./ports.ts";

export interface EdgeRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** By lower-case name. */
  header(name: string): string;
  readonly address: string;
  readonly params: Readonly<Record<string, string>>;
}

export interface EdgeReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const ROOMS_PER_PAGE = { default: 50, max: 100 };
/** A room's id, or the end of a metro's rooms: what a page before has named. Anything else, a link might not carry. */
const CURSOR = /^[a-z]{3,8}_(~|[A-Za-z0-9]{1,24}_[A-Za-z0-9]{5,16})$/;

export function createEdgeHttp(edge: Edge, origins: OriginRule) {
  /** Headers without which a page of another origin may not read the answer. */
  function corsOf(request: EdgeRequest): Record<string, string> {
    const origin = request.header("origin");
    if (!origin || !origins.allows(origin, request.header("host"))) return { vary: "origin" };
    return {
      "access-control-allow-origin": origin,
      "access-control-allow-credentials": "true",
      "access-control-expose-headers": "retry-after",
      vary: "origin",
    };
  }

  async function answer(
    request: EdgeRequest,
    work: () => Promise<unknown>,
    errorBody = (why: Refusal, requestId: string): object => ({ ...why, requestId }),
  ): Promise<EdgeReply> {
    const headers = { "content-type": "application/json", "cache-control": "no-store", ...corsOf(request) };
    try {
      const origin = request.header("origin");
      if (origin && !origins.allows(origin, request.header("host"))) throw new FrontrowError("ORIGIN_FORBIDDEN");
      const waitMs = await edge.world.rates.request(request.address);
      if (waitMs > 0) throw new FrontrowError("RATE_LIMITED", undefined, { retryAfterMs: waitMs });
      return { status: 200, headers, body: JSON.stringify(await work()) };
    } catch (error) {
      if (!(error instanceof FrontrowError)) edge.world.observe({ kind: "threw", error });
      const requestId = edge.world.requestId();
      const why = refusalOf(error);
      const { code, retryAfterMs } = why;
      edge.world.observe({ kind: "refused", code, requestId, sid: "http" });
      const retry: Record<string, string> =
        retryAfterMs > 0 ? { "retry-after": `${Math.ceil(retryAfterMs / 1_000)}` } : {};
      const body = JSON.stringify(errorBody(why, requestId));
      return { status: errorCatalogue[code].http, headers: { ...headers, ...retry }, body };
    }
  }

  return {
    matchmake: (request: EdgeRequest, body: Uint8Array) =>
      answer(request, () => matchmake(edge, matchmakeRequestOf(request, body)), stockErrorBody),

    /** `GET /v1/rooms?mode=…&after=…&limit=…&watchable=true` */
    rooms: (request: EdgeRequest) =>
      answer(request, async () => {
        const mode = request.query.get("mode") ?? "";
        const modes = Object.keys(edge.world.modes);
        if (!modes.includes(mode)) throw new FrontrowError("UNKNOWN_MODE", modeHint(mode, modes));
        const limit = Number(request.query.get("limit") ?? ROOMS_PER_PAGE.default);
        if (!Number.isInteger(limit) || limit < 1 || limit > ROOMS_PER_PAGE.max) {
          throw new FrontrowError("BAD_MESSAGE", `limit is a whole number from 1 to ${ROOMS_PER_PAGE.max}.`);
        }
        const watchable = request.query.get("watchable") === "true";
        return listRooms(edge, { mode, watchable }, request.query.get("after") ?? undefined, limit);
      }),

    /** Answer to a browser's question whether it may ask. */
    preflight(request: EdgeRequest): EdgeReply {
      const cors = corsOf(request);
      if (!cors["access-control-allow-origin"]) return { status: 403, headers: cors, body: "" };
      const allow = {
        "access-control-allow-methods": "GET, POST, OPTIONS",
        "access-control-allow-headers": "content-type, authorization, accept",
        "access-control-max-age": "600",
      };
      return { status: 204, headers: { ...cors, ...allow }, body: "" };
    },
  };
}

export type EdgeHttp = ReturnType<typeof createEdgeHttp>;

function matchmakeRequestOf(request: EdgeRequest, body: Uint8Array): MatchmakeRequest {
  const text = body.length > 0 ? new TextDecoder().decode(body) : "{}";
  const decoded = decode(z.unknown(), text, body.length + 2);
  if (!decoded.ok) throw new FrontrowError("BAD_MESSAGE", `The body is ${decoded.why}.`);
  const bearer = /^Bearer (\S+)$/i.exec(request.header("authorization"))?.[1];
  return {
    method: request.params.method ?? "",
    name: request.params.name ?? "",
    body: decoded.value,
    jwt: bearer,
    host: request.header("host"),
  };
}

/**
 * Rooms of every metro, metro by metro; the cursor is the last room's id, which names its metro. A metro that is away, or refuses,
 * is stepped over and named, so that it does not take the others' rooms along; only where none answers is its refusal the answer.
 */
async function listRooms(
  edge: Edge,
  wanted: { readonly mode: string; readonly watchable: boolean },
  after: string | undefined,
  limit: number,
) {
  const metros = [...edge.world.links.keys()].sort();
  const from = after ? metros.indexOf(after.split("_")[0]!) : 0;
  if (from < 0 || (after && !CURSOR.test(after)))
    throw new FrontrowError("BAD_MESSAGE", "after is not a room id of these metros.");
  const asked = metros.slice(from);
  const rooms: unknown[] = [];
  const unreachable: string[] = [];
  const answer = (next?: string) => ({
    rooms,
    ...(next ? { next } : {}),
    ...(unreachable.length > 0 ? { unreachable } : {}),
  });
  for (const metro of asked) {
    const within = after?.startsWith(`${metro}_`) ? after : undefined;
    try {
      const page = await pageOf(edge, metro, { ...wanted, after: within, limit: limit - rooms.length });
      rooms.push(...page.rooms);
      if (page.next) return answer(page.next);
      if (rooms.length >= limit) return answer(`${metro}_~`);
    } catch (error) {
      if (!(error instanceof FrontrowError)) edge.world.observe({ kind: "threw", error });
      unreachable.push(metro);
      if (unreachable.length === asked.length) throw error;
    }
  }
  return answer();
}

async function pageOf(edge: Edge, metro: string, query: Parameters<MetroLink["listRooms"]>[0]) {
  const link = edge.world.links.get(metro);
  // Not asked at all: a link that is down would only refuse later.
  if (!link?.isUp()) throw new FrontrowError("MATCHMAKER_AWAY");
  return link.listRooms(query);
}
