/** One ticket as the client sees it: sent, watched, answered once; cancelled by its signal. */
import { type ErrorCode, type Refusal, refusal } from "@frontrow/shared/errors.ts";
import type { Down } from "@frontrow/shared/protocol/down.ts";
import type { Up } from "@frontrow/shared/protocol/up.ts";

export type Seated = Extract<Down, { t: "seat" }>;
export type TicketState = {
  state: "searching" | "placing" | "joining";
  metro?: string | undefined;
  why: readonly string[];
};
/** `requestId` finds the refusal in the edge's log; it is empty where no edge said it. */
export type Failure = Refusal & { readonly ok: false; readonly requestId: string };
export type TicketAnswer = { ok: true; seated: Seated } | Failure;

/** The edge's own deadline for a fill (5 s), and slack to dial it and for the way there and back. */
const ANSWER_MS = 10_000;

export interface TicketWatch {
  readonly answer: Promise<TicketAnswer>;
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
  let settle: (answer: TicketAnswer) => void = () => {};
  const answer = new Promise<TicketAnswer>((resolve) => {
    settle = resolve;
  });
  const cancel = () => {
    send({ t: "cancel", id });
    settle(failure("CANCELLED"));
  };
  const late = setTimeout(() => {
    const why = failure("DEADLINE", "The edge took too long.");
    send({ t: "cancel", id });
    settle(why);
    onOverdue(why);
  }, ANSWER_MS);
  if (signal?.aborted) cancel();
  signal?.addEventListener("abort", cancel, { once: true });
  void answer.then(() => {
    clearTimeout(late);
    signal?.removeEventListener("abort", cancel);
  });

  return {
    answer,
    hear(message) {
      if (!("id" in message) || message.id !== id) return;
      if (message.t === "state") onState?.({ state: message.state, metro: message.metro, why: message.why });
      else if (message.t === "seat") settle({ ok: true, seated: message });
      else settle(failureOf(message));
    },
    lost: (why) => settle({ ok: false, ...why }),
  };
}

function failureOf({ t: _t, id: _id, issues, ...rest }: Extract<Down, { t: "error" }>): Failure {
  return { ok: false, ...rest, ...(issues ? { issues } : {}) };
}
