/**
 * A party as its member's client has it: who is in it, what the leader plays, and a ticket of one's own in that. A lost connection to the
 * edge is made anew, and the party goes on with the member that it was; what was agreed to is not carried over.
 */
import { type ErrorCode, refusal } from "@frontrow/shared/errors.ts";
import type { Down } from "@frontrow/shared/protocol/down.ts";
import type { Up } from "@frontrow/shared/protocol/up.ts";
import { TypedRoomCode } from "@frontrow/shared/protocol/words.ts";
import { type Connection, type Loss, lossOf } from "./connection.ts";
import { type Failure, failure, type TicketState } from "./ticket.ts";
import type { Party, PartyCallOf, PartyInit, PlayOptions, PlayResult } from "./words.ts";

/** One part of a party's ticket; `ask` is absent where the edge opened it by itself. */
export interface PartyTicket {
  readonly t: "part";
  readonly id: string;
  readonly ask?: Up;
}

export interface PartiesOptions {
  readonly connection: Pick<Connection, "open" | "send">;
  readonly newId: () => string;
  /** From a ticket to a joined room. */
  readonly sit: (ticket: PartyTicket, init: PlayOptions) => Promise<PlayResult>;
}

export interface Parties {
  create(init?: PartyInit<unknown>): Promise<Party | Failure>;
  join(code: string, init?: PartyInit<unknown>): Promise<Party | Failure>;
  hear(message: Down): void;
  /** The connection is gone. */
  lost(why: Loss): void;
  close(): void;
}

/** The edge answers within 5 s; and the way there and back. */
const ANSWER_MS = 8_000;
/** How long a lost connection is tried for: as long as the proof of a membership is good. */
const RESUME_MS = 60_000;
const RETRY_MS = { first: 250, max: 4_000 };

type News = Extract<Down, { t: "party" }>;
type Entering = Extract<Up, { t: "party-create" | "party-join" }>;

export function createParties({ connection, newId, sit }: PartiesOptions): Parties {
  const parties = new Map<string, ReturnType<typeof open>>();

  function open(first: Entering) {
    const { id } = first;
    const changed: ((party: Party) => void)[] = [];
    const called: ((call: PartyCallOf<unknown>) => void)[] = [];
    let options = first.options;
    let news: News | undefined;
    let playerId = "";
    let over: Failure | undefined;
    let refused: Failure | undefined;
    /** Set while it is being entered: what the edge's answer, or the lack of one, is told. */
    let settle: ((answer: "in" | Failure) => void) | undefined;
    let back: Promise<void> | undefined;
    let wake = () => {};

    /** One try to come in. Never rejects. */
    async function enter(request: Entering): Promise<"in" | Failure> {
      let late: ReturnType<typeof setTimeout> | undefined;
      const answer = new Promise<"in" | Failure>((resolve) => {
        settle = resolve;
        late = setTimeout(() => resolve(failure("DEADLINE", "The edge took too long.")), ANSWER_MS);
      });
      connection.open().then(
        (welcome) => {
          playerId = welcome.playerId;
          if (settle) connection.send(request);
        },
        (error) => settle?.({ ok: false, ...lossOf(error) }),
      );
      const answered = await answer;
      clearTimeout(late);
      settle = undefined;
      return answered;
    }

    async function comeBack(): Promise<void> {
      const until = performance.now() + RESUME_MS;
      for (let waitMs = RETRY_MS.first; !over; waitMs = Math.min(waitMs * 2, RETRY_MS.max)) {
        const { code, resume } = news!;
        const answered = await enter({ t: "party-join", id, code, resume, ...(options ? { options } : {}) });
        if (answered === "in") return;
        if (!answered.retryable || performance.now() > until) return end(answered);
        await pause(Math.max(waitMs, answered.retryAfterMs) * (0.5 + Math.random() / 2));
      }
    }

    function pause(ms: number): Promise<void> {
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }

    function end(why: Failure): void {
      if (over) return;
      over = why;
      parties.delete(id);
      settle?.(why);
      wake();
      tellChanged();
    }

    const tellChanged = () => {
      for (const told of changed) told(party);
    };

    function hearCall({ ticket, mode }: Extract<Down, { t: "party-call" }>): void {
      if (called.length === 0) return connection.send({ t: "cancel", id: ticket });
      const stop = new AbortController();
      const listeners: ((state: TicketState) => void)[] = [];
      let last: TicketState | undefined;
      const onState = (state: TicketState) => {
        last = state;
        for (const told of listeners) told(state);
      };
      const movers: ((moved: PlayResult) => void)[] = [];
      const played = sit({ t: "part", id: ticket }, {
        signal: stop.signal,
        onState,
        get onMoved() {
          return movers.length > 0 ? (moved: PlayResult) => movers.forEach((told) => void told(moved)) : undefined;
        },
      } as PlayOptions);
      const call: PartyCallOf<unknown> = {
        mode,
        played,
        onState(told) {
          listeners.push(told);
          if (last) told(last);
        },
        onMoved: (told) => void movers.push(told),
        cancel: () => stop.abort(),
      };
      for (const told of called) told(call);
    }

    const party: Party = {
      ok: true,
      get code() {
        return news?.code ?? "";
      },
      get members() {
        return (news?.members ?? []).map((member) => ({ ...member, me: member.playerId === playerId }));
      },
      get over() {
        return over;
      },
      get refused() {
        return refused;
      },
      onChange: (told) => void changed.push(told),
      onPlay: (told) => void called.push(told),
      ready(yes = true, init) {
        refused = undefined;
        options = (init?.options as typeof options) ?? options;
        connection.send({ t: "party-ready", id, yes, ...(init?.options && options ? { options } : {}) });
      },
      async play(mode, init = {}) {
        await back;
        if (over) return failure("NOT_IN_PARTY");
        options = (init.options as typeof options) ?? options;
        const ticket = newId();
        const wish = { ...(options ? { options } : {}), ...(init.avoid ? { avoid: [...init.avoid] } : {}) };
        return sit({ t: "part", id: ticket, ask: { t: "party-play", id, ticket, mode, ...wish } }, init);
      },
      leave: () => leave(failure("CANCELLED", "The party was left.")),
    };

    function leave(why: Failure): void {
      connection.send({ t: "party-leave", id });
      end(why);
    }

    return {
      async enter(): Promise<Party | Failure> {
        const answered = await enter(first);
        if (answered === "in") return party;
        // It may be in, and its answer late.
        leave(answered);
        return answered;
      },
      hear(message: Down): void {
        if (message.t === "party") {
          const before = JSON.stringify(news?.members);
          news = message;
          settle?.("in");
          if (before !== undefined && before !== JSON.stringify(message.members)) tellChanged();
        } else if (message.t === "party-call") hearCall(message);
        else if (message.t === "error") {
          const { t: _t, id: _id, issues, ...why } = message;
          const said: Failure = { ok: false, ...why, ...(issues ? { issues } : {}) };
          if (settle) settle(said);
          else if (!ABOUT_A_WORD.has(said.code)) end(said);
          else {
            refused = said;
            tellChanged();
          }
        }
      },
      lost(why: Loss): void {
        if (settle) return settle({ ok: false, ...why });
        if (back) return;
        if (!why.retryable) return end({ ok: false, ...why });
        // It is not known what became of the members, and nobody of this client has agreed to anything.
        back = comeBack().finally(() => {
          back = undefined;
        });
      },
      leave,
    };
  }

  function enter(request: Entering): Promise<Party | Failure> {
    const party = open(request);
    parties.set(request.id, party);
    return party.enter();
  }
  const wishOf = (init: PartyInit<unknown> = {}) => ({
    id: newId(),
    ...(init.options ? { options: init.options as never } : {}),
  });

  return {
    create: (init) => enter({ t: "party-create", ...wishOf(init) }),
    async join(code, init) {
      // Whatever a player mistypes is a code that no party has.
      if (!TypedRoomCode.safeParse(code).success) return failure("CODE_UNKNOWN");
      return enter({ t: "party-join", code, ...wishOf(init) });
    },
    hear(message) {
      if ("id" in message && message.id !== undefined) parties.get(message.id)?.hear(message);
    },
    lost(why) {
      for (const party of parties.values()) party.lost(why);
    },
    close() {
      for (const party of parties.values()) party.leave({ ok: false, ...CLOSED });
    },
  };
}

const CLOSED = { ...refusal("CANCELLED", "The client was closed."), requestId: "" };
/** Refusals of something that a member said, after which it is one all the same. */
const ABOUT_A_WORD: ReadonlySet<ErrorCode> = new Set(["INVALID_ATTRIBUTES", "RATE_LIMITED"]);
