/** One ticket as the client sees it: sent, watched, answered once; cancelled by its signal. */
import { type ErrorCode, type Refusal, refusal } from "@frontrow/shared/errors.ts";
import type { Down } from "@frontrow/shared/protocol/down.ts";
import type { Up } from "@frontrow/shared/protocol/up.ts";

export type Seated = Extract<Down, { t: "seat" }>;
export interface TicketState {
  /** `waiting`: in the pool of a match mode. `asked`: a match was found; answer with `ready`. */
  readonly state: "searching" | "waiting" | "asked" | "placing" | "joining";
  readonly metro?: string | undefined;
  readonly why: readonly string[];
  /** While waiting: players in the pool, and how long others waited lately, ms. */
  readonly players?: number | undefined;
  readonly waitMs?: number | undefined;
  /** When asked: how long there is to answer, ms; and the answer. */
  readonly askMs?: number | undefined;
  readonly ready?: ((yes: boolean) => void) | undefined;
}
/** `requestId` finds the refusal in the edge's log; it is empty where no edge said it. */
export type Failure = Refusal & { readonly ok: false; readonly requestId: string };
export type TicketAnswer = { ok: true; seated: Seated } | Failure;

/** The edge's own deadline for a fill (5 s), and slack to dial it and for the way there and back. */
const ANSWER_MS = 10_000;

export interface TicketWatch {
  readonly answer: Promise<TicketAnswer>;
  /** Proves to the next edge how long the ticket has waited. */
  receipt(): string | undefined;
  hear(message: Down): void;
  lost(why: Refusal & { requestId: string }): void;
}

/** Said by nobody but this client. */
export const failure = (code: ErrorCode, detail?: string): Failure => ({
  ok: false,
  requestId: "",
  ...refusal(code, detail),
});

/** Starts to wait for the answer to ticket `id`; `send` is used to cancel, `onOverdue` hears that no answer came in time. */
export function watchTicket(
  id: string,
  send: (message: Up) => void,
  onOverdue: (why: Failure) => void,
  { signal, onState }: { signal?: AbortSignal | undefined; onState?: ((state: TicketState) => void) | undefined },
): TicketWatch {
  let receipt: string | undefined;
  let settle: (answer: TicketAnswer) => void = () => {};
  const answer = new Promise<TicketAnswer>((resolve) => {
    settle = resolve;
  });
  const cancel = () => {
    send({ t: "cancel", id });
    settle(failure("CANCELLED"));
  };
  let late = setTimeout(overdue, ANSWER_MS);
  function overdue(): void {
    const why = failure("DEADLINE", "The edge took too long.");
    send({ t: "cancel", id });
    settle(why);
    onOverdue(why);
  }
  if (signal?.aborted) cancel();
  signal?.addEventListener("abort", cancel, { once: true });
  void answer.then(() => {
    clearTimeout(late);
    signal?.removeEventListener("abort", cancel);
  });

  return {
    answer,
    receipt: () => receipt,
    hear(message) {
      if (!("id" in message) || message.id !== id) return;
      if (message.t === "state") {
        // A ticket that waits for others is heard of every few seconds, and may be for minutes.
        clearTimeout(late);
        late = setTimeout(overdue, ANSWER_MS + (message.askMs ?? 0));
        if (message.receipt) receipt = message.receipt;
        const { t: _t, id: _id, receipt: _receipt, ...state } = message;
        const ready = state.state === "asked" ? { ready: (yes: boolean) => send({ t: "ready", id, yes }) } : {};
        onState?.({ ...state, ...ready });
      } else if (message.t === "seat") settle({ ok: true, seated: message });
      else if (message.t === "error") settle(failureOf(message));
    },
    lost: (why) => settle({ ok: false, ...why }),
  };
}

function failureOf({ t: _t, id: _id, issues, ...rest }: Extract<Down, { t: "error" }>): Failure {
  return { ok: false, ...rest, ...(issues ? { issues } : {}) };
}
