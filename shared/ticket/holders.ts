/**
 * All tickets of match modes that one process holds: an edge, or a server that embeds the matchmaker. They are enlisted with whichever
 * replica owns their pool now, renewed, and enlisted again (paced, oldest first) when the pool changes hands. What one ticket may
 * become is `held.ts`, what is said of it `saying.ts`; this file keeps the table, hears, and looks at the clock.
 */
import { type Clock, every } from "../clock.ts";
import { type ErrorCode, refusal } from "../errors.ts";
import type { Limits } from "../limits.ts";
import { type OwnerMessage, poolKey } from "../protocol/match-link.ts";
import { rendezvous } from "../rendezvous.ts";
import { ENDED, onPropose, onReady, onReleased, onSeated, onTime, onUnsettled, WAITING } from "./held.ts";
import { createResend } from "./resend.ts";
import { createSaying, type Held } from "./saying.ts";
import type { HeldOutcome, Holders, OwnerLinks } from "./words.ts";

export type { HeldOutcome, HeldTicket, Holders, OwnerLinks, TicketWish, Told } from "./words.ts";

/** How often the clock is looked at; shorter than any promise by ten. */
const TICK_MS = 100;

export function createHolders(options: {
  clock: Clock;
  limits: Limits;
  links: OwnerLinks;
  firstNumber?: number;
}): Holders {
  const { clock, limits, links } = options;
  const table = new Map<number, Held>();
  const epochs = new Map<string, number>();
  const saying = createSaying({ clock, limits, links, epochs });
  const { ageMs, enlist, withdraw, answer, settle, renew, sayRenewals } = saying;
  let next = options.firstNumber ?? 0;

  const resend = createResend<Held>({
    clock,
    limits,
    send(held) {
      if (table.has(held.n) && held.owner === undefined) enlist(held);
    },
  });

  const isOverdue = (held: Held) => ageMs(held) >= held.wish.timeoutMs;

  function end(held: Held, outcome: HeldOutcome): void {
    forget(held);
    held.told.ended(outcome);
  }

  function forget(held: Held): void {
    held.state = ENDED;
    table.delete(held.n);
  }

  function fail(held: Held, code: ErrorCode): void {
    withdraw(held);
    end(held, { ok: false, refusal: refusal(code) });
  }

  // ---- hearing ------------------------------------------------------------------------------------------------------

  function hear(metro: string, replica: string, message: OwnerMessage): void {
    if (message.t === "unknown") {
      for (const n of message.ns) again(table.get(n), replica);
      return;
    }
    const held = table.get(message.n);
    if (message.t === "propose") return propose(metro, replica, held, message);
    if (!held) return;
    switch (message.t) {
      case "enlisted":
        // What comes late is older than it says.
        held.sinceMs = Math.min(held.sinceMs, clock.nowMs() - message.ageMs);
        // An owner that was replaced, and wakes, proves what was true when it fell asleep.
        if (held.owner !== replica) return;
        held.receipt = message.receipt;
        return tellWaiting(held, message, []);
      case "standing":
        return tellWaiting(held, message, message.why);
      case "moved":
        // It knows of a newer set, or of an older one; either way the two agree within a heartbeat.
        if (held.owner !== replica) return;
        held.owner = undefined;
        held.renewMs = clock.nowMs() + limits.fillRetryMs;
        return;
      case "released": {
        const was = held.state;
        held.state = onReleased(was, message.match);
        if (held.state === was) return;
        if (held.endsWith) return fail(held, held.endsWith);
        if (isOverdue(held)) return fail(held, "MATCH_TIMEOUT");
        if (held.owner === undefined) resend.add([held]);
        return tellWaiting(held, {}, []);
      }
      case "unsettled":
        held.state = onUnsettled(held.state, message.match, message.retryInMs, clock.nowMs());
        return;
      case "seated":
        if (onSeated(held.state, message.match)) end(held, { ok: true, ...message });
        return;
      case "unlisted": {
        if (held.state.is !== "waiting" || held.owner !== replica) return;
        const { t: _t, n: _n, issues, ...why } = message;
        end(held, { ok: false, refusal: { ...why, ...(issues ? { issues } : {}) } });
      }
    }
  }

  function propose(
    metro: string,
    replica: string,
    held: Held | undefined,
    message: Extract<OwnerMessage, { t: "propose" }>,
  ): void {
    const { n, match } = message;
    if (!held) return void links.send(metro, replica, { t: "gone", n, match });
    const was = held.state;
    const { state, reply } = onPropose(was, message, epochs.get(metro) ?? 0, clock.nowMs());
    held.state = state;
    if (reply) links.send(metro, replica, { t: reply, n, match });
    if (state === was) return;
    held.proposer = replica;
    if (state.is === "asked") held.told.asked(message.askMs!);
    else if (state.is === "locked") held.told.locked(message.metro);
  }

  function tellWaiting(
    held: Held,
    news: { players?: number; waitMs?: number | undefined },
    why: readonly string[],
  ): void {
    if (held.state.is !== "waiting") return;
    const { players, waitMs } = news;
    held.told.waiting({
      metro: held.metro,
      receipt: held.receipt,
      why,
      ...(players === undefined ? {} : { players, waitMs }),
    });
  }

  /** Its owner does not have it, or is none. One that is promised is enlisted again when the promise ends without seats. */
  function again(held: Held | undefined, replica: string): void {
    if (held?.owner !== replica) return;
    const soonestMs = held.enlistedMs + limits.fillRetryMs;
    if (clock.nowMs() >= soonestMs) return resend.add([held]);
    // It was told just now and will not have it yet: the player's earlier ticket is on its way to a seat.
    held.owner = undefined;
    held.renewMs = soonestMs;
  }

  // ---- time ---------------------------------------------------------------------------------------------------------

  function tick(): void {
    const now = clock.nowMs();
    for (const held of table.values()) {
      const { state, say } = onTime(held.state, now, limits);
      const wasFreed = state.is === "waiting" && held.state.is === "settling";
      held.state = state;
      if (say === "settle") settle(held);
      else if (say === "declined") fail(held, "DECLINED");
      else if (state.is === "waiting" && held.endsWith) fail(held, held.endsWith);
      else if (state.is === "waiting" && isOverdue(held)) fail(held, "MATCH_TIMEOUT");
      else if (wasFreed) resend.add([held]);
      else if (now >= held.renewMs) renew(held);
    }
    sayRenewals();
  }

  const stopTicking = every(clock, TICK_MS, tick);

  return {
    open(wish, told) {
      const held: Held = {
        n: next++,
        wish,
        told,
        state: WAITING,
        sinceMs: clock.nowMs(),
        receipt: wish.receipt,
        metro: undefined,
        owner: undefined,
        proposer: undefined,
        renewMs: 0,
        enlistedMs: 0,
        lostMs: undefined,
        endsWith: undefined,
      };
      table.set(held.n, held);
      enlist(held);
      return {
        cancel() {
          if (!table.has(held.n)) return;
          const { state } = held;
          forget(held);
          withdraw(held);
          // Before its seats are taken the owner can still let the others go.
          if ("match" in state) answer(held, state.match, "gone");
        },
        ready(yes) {
          const { state: was } = held;
          if (was.is !== "asked") return;
          const { state, reply } = onReady(was, yes, clock.nowMs());
          held.state = state;
          // First that the ticket is no more: the others of a party are told so.
          if (!yes) fail(held, "DECLINED");
          answer(held, was.match, reply);
          if (yes) held.told.locked(was.metro);
        },
        endWhenFree(code) {
          if (!table.has(held.n)) return;
          if (held.state.is === "waiting" || held.state.is === "asked") fail(held, code);
          else held.endsWith = code;
        },
      };
    },
    hear,
    replicasChanged(metro) {
      const set = links.replicas(metro);
      if (!set) return;
      epochs.set(metro, Math.max(epochs.get(metro) ?? 0, set.epoch));
      const moved: Held[] = [];
      for (const held of table.values()) {
        if (held.metro === metro && held.owner !== rendezvous(poolKey(held.wish), set.members)) moved.push(held);
      }
      if (moved.length > 0) resend.add(moved);
    },
    get size() {
      return table.size;
    },
    stop() {
      stopTicking();
      resend.stop();
    },
  };
}
