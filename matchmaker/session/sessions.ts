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
  /** How long until a claim that failed is tried again; twice as long each time, up to renewMs. */
  readonly retryMs: number;
  /** How often a claim is renewed; well within the time after which a record is forgotten. */
  readonly renewMs: number;
  /** Only goes forward. */
  readonly clockMs: () => number;
}

const GUEST = /^guest_[A-Za-z0-9]{8,40}$/;

export function createSessions({ records, verifyPlayer, guests, claimMs, retryMs, renewMs, clockMs }: SessionsOptions) {
  const bySid = new Map<string, { session: Session; told: (sid: string) => void }>();

  const stopListening = records.onSuperseded(({ owner }) => supersede(owner));

  function supersede(sid: string): void {
    const open = bySid.get(sid);
    if (!open) return;
    open.session.superseded = true;
    bySid.delete(sid);
    open.told(sid);
  }

  /** Whether the index answered. A newer session's claim may have come first: after Redis was away they come in any order. */
  async function claim(session: Session, openedMs: number): Promise<boolean> {
    try {
      const claimed = await records.claim(session.playerId, session.sid, Math.max(0, clockMs() - openedMs));
      session.generation = claimed.generation;
      if (!claimed.isNewest) supersede(session.sid);
      return true;
    } catch {
      return false;
    }
  }

  /** The record is a lease: claimed again while the session is open, and at growing distances while the index is away. */
  async function keepClaimed(session: Session, openedMs: number, first: Promise<boolean>): Promise<void> {
    let answered = await first;
    let waitMs = retryMs;
    while (bySid.get(session.sid)?.session === session) {
      waitMs = answered ? retryMs : Math.min(waitMs * 2, renewMs);
      await sleep((answered ? renewMs : waitMs) * (0.5 + Math.random() / 2));
      if (bySid.get(session.sid)?.session === session) answered = await claim(session, openedMs);
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
      const openedMs = clockMs() - who.ageMs;
      const identity = await identify(who.jwt, who.guest);
      const session: Session = { sid: who.sid, ...identity, generation: 1, superseded: false };
      bySid.set(who.sid, { session, told });
      // A guest's name is fresh for each client: there is nobody to supersede.
      if (!identity.guest) {
        const first = claim(session, openedMs);
        void keepClaimed(session, openedMs, first);
        await Promise.race([first, sleep(claimMs)]);
      }
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
