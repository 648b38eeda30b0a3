/**
 * The sessions of an edge, as one metro's matchmaker has to know them: each is said when it opens, and all again when the link
 * is back, paced, so that thousands of sessions do not take the link's places from the players who ask for a seat. What may
 * pass (too much waiting, the keys of player tokens away) is tried again; what may not is told with the session's next ticket.
 */
import { FrontrowError } from "@frontrow/shared/errors.ts";

/** Announcements under way at once: a small share of the requests that a link may have waiting. */
const IN_FLIGHT_MAX = 256;
const RETRY_MS = 500;

export interface AnnouncedSession {
  readonly sid: string;
  readonly jwt?: string | undefined;
  readonly guest?: string | undefined;
  readonly openedMs: number;
}

export interface Announcer<Answer> {
  /** The answer to the first attempt; later ones go on behind it. */
  add(session: AnnouncedSession): Promise<Answer>;
  remove(sid: string): void;
  /** Says the session now if its turn has not come yet: a ticket of it is about to follow. */
  hurry(sid: string): void;
  /** The link is back: the matchmaker may know nobody. */
  again(): void;
}

export function createAnnouncer<Answer>(
  open: (session: AnnouncedSession) => Promise<Answer>,
  jitter: () => number,
): Announcer<Answer> {
  const sessions = new Map<string, AnnouncedSession>();
  const queue = new Set<string>();
  let inFlight = 0;

  function say(session: AnnouncedSession): Promise<Answer> {
    queue.delete(session.sid);
    inFlight++;
    const answer = open(session);
    answer
      .catch((error: unknown) => {
        if (mayPass(error)) setTimeout(() => enqueue(session.sid), RETRY_MS * (0.5 + jitter()));
      })
      .finally(() => {
        inFlight--;
        pump();
      });
    return answer;
  }

  function enqueue(sid: string): void {
    if (sessions.has(sid)) queue.add(sid);
    pump();
  }

  function pump(): void {
    for (const sid of queue) {
      if (inFlight >= IN_FLIGHT_MAX) return;
      const session = sessions.get(sid);
      if (session) void say(session);
      else queue.delete(sid);
    }
  }

  return {
    add(session) {
      sessions.set(session.sid, session);
      return say(session);
    },
    remove(sid) {
      sessions.delete(sid);
      queue.delete(sid);
    },
    hurry(sid) {
      const session = queue.has(sid) ? sessions.get(sid) : undefined;
      if (session) void say(session);
    },
    again() {
      for (const sid of sessions.keys()) queue.add(sid);
      pump();
    },
  };
}

/** A link that is down is no reason to try: all are said again when it is back. An expired token stays expired. */
function mayPass(error: unknown): boolean {
  if (!(error instanceof FrontrowError)) return false;
  const { code, retryable } = error.refusal;
  return retryable && code !== "MATCHMAKER_AWAY" && code !== "AUTH_EXPIRED";
}
