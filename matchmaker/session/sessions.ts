/**
 * Who is behind a session id of an edge. The matchmaker verifies a player's JWT itself: an edge can lose tickets, it cannot
 * invent players. A signed-in player has one session record in the metro; claiming it is off the play path.
 */
import type { SessionRecords } from "@frontrow/lobby/lobby.ts";
import { FrontrowError } from "@frontrow/shared/errors.ts";

export type VerifyPlayer = (jwt: string) => Promise<{ playerId: string }>;

export interface Session {
  readonly sid: string;
  readonly playerId: string;
  readonly guest: boolean;
  generation: number;
  superseded: boolean;
}

export interface SessionsOptions {
  readonly records: SessionRecords;
  readonly verifyPlayer: VerifyPlayer | undefined;
  readonly guests: boolean;
  /** How long opening waits for the record; the claim goes on behind it. */
  readonly claimMs: number;
  /** How long until a claim that failed is tried again. */
  readonly retryMs: number;
  readonly nowMs: () => number;
}

const GUEST = /^guest_[A-Za-z0-9]{8,40}$/;

export function createSessions({ records, verifyPlayer, guests, claimMs, retryMs, nowMs }: SessionsOptions) {
  const bySid = new Map<string, { session: Session; told: (sid: string) => void }>();

  const stopListening = records.onSuperseded(({ owner }) => supersede(owner));

  function supersede(sid: string): void {
    const open = bySid.get(sid);
    if (!open) return;
    open.session.superseded = true;
    bySid.delete(sid);
    open.told(sid);
  }

  async function claim(session: Session, openedMs: number): Promise<void> {
    while (bySid.get(session.sid)?.session === session) {
      try {
        const claimed = await records.claim(session.playerId, session.sid, Math.max(0, nowMs() - openedMs));
        session.generation = claimed.generation;
        // A newer session's claim may have come first: after Redis was away they come in any order.
        if (!claimed.isNewest) supersede(session.sid);
        return;
      } catch {
        await sleep(retryMs);
      }
    }
  }

  async function identify(jwt: string | undefined, guest: string | undefined) {
    if (jwt !== undefined) {
      if (!verifyPlayer) throw new FrontrowError("AUTH_INVALID", "This server takes guests only.");
      return { playerId: (await verifyPlayer(jwt)).playerId, guest: false };
    }
    if (!guests) throw new FrontrowError("AUTH_REQUIRED");
    if (!guest || !GUEST.test(guest)) throw new FrontrowError("AUTH_INVALID", "That is no guest's name.");
    return { playerId: guest, guest: true };
  }

  return {
    /** Rejects with AUTH_*; `told` is called at most once, when a newer session of the player took over. */
    async open(
      who: { sid: string; jwt?: string | undefined; guest?: string | undefined; ageMs: number },
      told: (sid: string) => void,
    ): Promise<Session> {
      const openedMs = nowMs() - who.ageMs;
      const identity = await identify(who.jwt, who.guest);
      const session: Session = { sid: who.sid, ...identity, generation: 1, superseded: false };
      bySid.set(who.sid, { session, told });
      // A guest's name is fresh for each client: there is nobody to supersede.
      if (!identity.guest) await Promise.race([claim(session, openedMs), sleep(claimMs)]);
      return session;
    },

    close(session: Session): void {
      if (bySid.get(session.sid)?.session !== session) return;
      bySid.delete(session.sid);
      if (!session.guest) void records.end(session.playerId, session.sid).catch(() => {});
    },

    get count() {
      return bySid.size;
    },

    stop: stopListening,
  };
}

export type Sessions = ReturnType<typeof createSessions>;

const sleep = (ms: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, ms).unref();
  });
