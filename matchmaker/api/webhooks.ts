/**
 * Webhooks as Standard Webhooks has them (standardwebhooks.com): `webhook-id`, `webhook-timestamp` and `webhook-signature`, an HMAC-SHA256
 * over id, timestamp and body. At least once, in any order, from this process's memory: what a receiver does not take is tried again at
 * growing distances and then dropped, what is in the queue when the process ends is lost, and nobody ever waits for it.
 */
import { createHmac } from "node:crypto";
import type { Clock } from "@frontrow/shared/clock.ts";
import type { Limits } from "@frontrow/shared/limits.ts";

export interface Webhooks {
  /** Dropped, and told so, when the queue is full. */
  send(type: string, data: object): void;
  /** Waiting and under way. */
  readonly size: number;
  /** What is under way is broken off, what waits is dropped. */
  close(): void;
}

export type WebhookEvent =
  | { readonly kind: "webhook-sent"; readonly type: string; readonly attempts: number }
  /** Its last attempt failed, the receiver is gone (410), or the queue is full. */
  | { readonly kind: "webhook-dropped"; readonly type: string; readonly attempts: number; readonly why: string };

export interface WebhooksOptions {
  readonly url: string;
  /** `whsec_…`; each of them signs, so that a receiver can change over. */
  readonly secrets: readonly string[];
  readonly limits: Pick<Limits, "webhooksMax" | "webhookMs">;
  readonly clock: Clock;
  /** Unix milliseconds. */
  readonly wallMs: () => number;
  /** 0 to 1. */
  readonly rng: () => number;
  readonly newId: () => string;
  readonly fetch?: typeof globalThis.fetch;
  readonly observe: (event: WebhookEvent) => void;
}

/** Between attempts, ms; a quarter of an hour in all, in which a receiver is deployed or failed over. */
const RETRIES_MS = [1_000, 5_000, 30_000, 120_000, 600_000];
/** Sent at once; a slow receiver holds up its own queue, and not more. */
const IN_FLIGHT_MAX = 8;

interface Message {
  readonly id: string;
  readonly type: string;
  readonly body: string;
  attempts: number;
}

export function createWebhooks(options: WebhooksOptions): Webhooks {
  const { url, secrets, limits, clock, wallMs, rng, observe, fetch = globalThis.fetch } = options;
  const waiting: Message[] = [];
  const retrying = new Set<() => void>();
  const closing = new AbortController();
  let inFlight = 0;

  async function attempt(message: Message): Promise<void> {
    message.attempts++;
    const outcome = await post(message).catch((error: Error) => ({ why: error.name, again: true, afterMs: 0 }));
    if (closing.signal.aborted) return;
    const { type, attempts } = message;
    if (!outcome) return observe({ kind: "webhook-sent", type, attempts });
    const waitMs = RETRIES_MS[attempts - 1];
    if (!outcome.again || waitMs === undefined) {
      return observe({ kind: "webhook-dropped", type, attempts, why: outcome.why });
    }
    // Half to one and a half times as long, so that what failed together does not come back together.
    later(message, Math.max(outcome.afterMs, waitMs * (0.5 + rng())));
  }

  function later(message: Message, ms: number): void {
    const stop = clock.after(ms, () => {
      retrying.delete(stop);
      waiting.push(message);
      next();
    });
    retrying.add(stop);
  }

  /** Undefined: it was taken. */
  async function post({ id, body }: Message): Promise<{ why: string; again: boolean; afterMs: number } | undefined> {
    const timestamp = `${Math.floor(wallMs() / 1_000)}`;
    const response = await fetch(url, {
      method: "POST",
      redirect: "manual",
      headers: {
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": timestamp,
        "webhook-signature": secrets
          .map((secret) => `v1,${signatureOf(secret, `${id}.${timestamp}.${body}`)}`)
          .join(" "),
      },
      body,
      signal: AbortSignal.any([AbortSignal.timeout(limits.webhookMs), closing.signal]),
    });
    await response.body?.cancel();
    if (response.ok) return undefined;
    const afterMs = Math.min(1_000 * (Number(response.headers.get("retry-after")) || 0), RETRIES_MS.at(-1)!);
    return { why: `HTTP ${response.status}`, again: response.status !== 410, afterMs };
  }

  function next(): void {
    while (inFlight < IN_FLIGHT_MAX && !closing.signal.aborted) {
      const message = waiting.shift();
      if (!message) return;
      inFlight++;
      void attempt(message).finally(() => {
        inFlight--;
        next();
      });
    }
  }

  const size = () => waiting.length + retrying.size + inFlight;
  return {
    send(type, data) {
      if (closing.signal.aborted) return;
      if (size() >= limits.webhooksMax) {
        return observe({ kind: "webhook-dropped", type, attempts: 0, why: "the queue is full" });
      }
      const body = JSON.stringify({ type, timestamp: new Date(wallMs()).toISOString(), data });
      waiting.push({ id: options.newId(), type, body, attempts: 0 });
      next();
    },
    get size() {
      return size();
    },
    close() {
      closing.abort();
      waiting.length = 0;
      for (const stop of retrying) stop();
      retrying.clear();
    },
  };
}

function signatureOf(secret: string, content: string): string {
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  return createHmac("sha256", key).update(content).digest("base64");
}
