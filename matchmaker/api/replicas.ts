/**
 * Requests that are another replica's to answer. A pool has one owner among a metro's replicas, and a ticket over HTTP is held where its
 * pool is: a submission goes on to the owner, and a ticket's id says who holds it. Seats need no owner, so rosters stay where they come.
 * What was passed on once is not passed on again: two that disagree about the owner for a heartbeat refuse, they do not play ball.
 */
import { createHash } from "node:crypto";
import { FrontrowError } from "@frontrow/shared/errors.ts";
import type { ReplicaSet } from "@frontrow/shared/protocol/match-link.ts";
import { ownerOf } from "../replica/owner-of.ts";

export interface ReplicaAddress {
  readonly replica: string;
  /** Of its API, as this process reaches it. */
  readonly url: string;
}

/** A request whose body somebody may have read before. */
export interface Passable {
  readonly raw: Request;
  text(): Promise<string>;
}

export interface Replicas {
  /** The answer of the pool's owner; undefined: it is ours to answer. Rejects with MATCHMAKER_AWAY. */
  byOwner(request: Passable, mode: string, compat: string): Promise<Response> | undefined;
  /** The answer of who holds the ticket; undefined: it is ours, or nobody's that we know. */
  byTicket(request: Passable, id: string): Promise<Response> | undefined;
}

export interface ReplicasOptions {
  /** This process. */
  readonly replica: string;
  readonly others: readonly ReplicaAddress[];
  readonly replicaSet: () => ReplicaSet | undefined;
  readonly fetch?: typeof globalThis.fetch;
}

const PASSED_ON = "frontrow-passed-on";
/** How a replica marks the tickets that it holds: enough to tell the members of one set apart. */
const TAG_CHARS = 4;

export const tagOf = (replica: string) => createHash("sha256").update(replica).digest("hex").slice(0, TAG_CHARS);

export function createReplicas({ replica, others, replicaSet, fetch = globalThis.fetch }: ReplicasOptions): Replicas {
  const urls = new Map(others.map(({ replica: name, url }) => [name, url]));
  const byTag = new Map(others.map(({ replica: name }) => [tagOf(name), name]));

  async function passOn({ raw: request, text }: Passable, to: string): Promise<Response> {
    const url = urls.get(to);
    if (!url || request.headers.has(PASSED_ON)) {
      throw new FrontrowError("MATCHMAKER_AWAY", `Replica ${to} has the pool; this one cannot pass the request on.`);
    }
    const { pathname, search } = new URL(request.url);
    const headers = new Headers(request.headers);
    headers.set(PASSED_ON, replica);
    headers.delete("content-length");
    const { method, signal } = request;
    const body = method === "POST" || method === "PUT" ? await text() : undefined;
    try {
      const answer = await fetch(url + pathname + search, { method, headers, signal, ...(body ? { body } : {}) });
      const passed = new Headers(answer.headers);
      // Undone by fetch, or the listener's own.
      for (const name of ["content-encoding", "content-length", "transfer-encoding", "connection"]) passed.delete(name);
      return new Response(answer.body, { status: answer.status, headers: passed });
    } catch {
      throw new FrontrowError("MATCHMAKER_AWAY", `Replica ${to} has the pool, and does not answer.`);
    }
  }

  return {
    byOwner(request, mode, compat) {
      const owner = ownerOf(mode, compat, replicaSet());
      return owner === undefined || owner === replica ? undefined : passOn(request, owner);
    },
    byTicket(request, id) {
      const tag = id.slice(0, TAG_CHARS);
      const holder = tag === tagOf(replica) ? undefined : byTag.get(tag);
      return holder === undefined ? undefined : passOn(request, holder);
    },
  };
}
