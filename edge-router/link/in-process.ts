/** A link to a matchmaker in the same process: no bytes, no waiting, no distance; the same deadline and the same refusals. */
import { FrontrowError } from "@frontrow/shared/errors.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import type { HolderMessage, OwnerMessage, ReplicaSet } from "@frontrow/shared/protocol/match-link.ts";
import type { MemberMessage, PartyMessage } from "@frontrow/shared/protocol/party-link.ts";
import type { RoundTrip } from "@frontrow/shared/protocol/words.ts";
import type { MatchEar, MetroLink } from "../ports.ts";

/** What a matchmaker offers an edge (`matchmaker/metro.ts`). */
export interface LocalMetro {
  readonly metro: string;
  connect(edge: {
    superseded(sid: string): void;
    tell(message: OwnerMessage | PartyMessage): void;
    replicas(set: ReplicaSet & { replica: string }): void;
  }): Omit<MetroLink, "metro" | "isUp" | "roundTrip" | "onSuperseded" | "say" | "replicas" | "onMatch"> & {
    hear(message: HolderMessage | MemberMessage): void;
    close(): void;
  };
}

const HERE: RoundTrip = { minMs: 0, jitterMs: 0, loss: 0, samples: 1, verified: true };

/** An exception's text stays where it was thrown, here as over a socket. */
const ours = (error: unknown) => (error instanceof FrontrowError ? error : new FrontrowError("INTERNAL"));

export function createInProcessLink(
  local: LocalMetro,
  limits: Pick<Limits, "linkRequestMs">,
): MetroLink & { close(): void } {
  let superseded: (sid: string) => void = () => {};
  let ear: MatchEar | undefined;
  let set: (ReplicaSet & { replica: string }) | undefined;
  // Never in the asker's own turn: a holder must have heard its own words before the answer.
  const later = (run: () => void) => queueMicrotask(run);
  const connection = local.connect({
    superseded: (sid) => superseded(sid),
    tell: (message) => later(() => ear?.hear(set!.replica, message)),
    replicas(now) {
      set = now;
      later(() => ear?.changed());
    },
  });

  /** Settles within the deadline; an answer that comes later goes to `late`. */
  function inTime<T>(answer: Promise<T>, late: (value: T) => void = () => {}): Promise<T> {
    return new Promise((resolve, reject) => {
      let overdue = false;
      const timer = setTimeout(() => {
        overdue = true;
        reject(new FrontrowError("DEADLINE"));
      }, limits.linkRequestMs);
      answer
        .then(
          (value) => (overdue ? late(value) : resolve(value)),
          (error) => reject(ours(error)),
        )
        .finally(() => clearTimeout(timer));
    });
  }

  return {
    metro: local.metro,
    isUp: () => true,
    roundTrip: () => HERE,
    openSession: (who) => inTime(connection.openSession(who)),
    closeSession: (sid) => connection.closeSession(sid),
    place: (request) =>
      inTime(connection.place(request), () => void connection.giveBack(request.sid, request.ticket).catch(() => {})),
    findSeat: (asked) => inTime(connection.findSeat(asked)),
    giveBack: (sid, ticket, of) => inTime(connection.giveBack(sid, ticket, of)),
    listRooms: (query) => inTime(connection.listRooms(query)),
    locate: (roomId) => inTime(connection.locate(roomId)),
    onSuperseded(told) {
      superseded = told;
    },
    say(to, message) {
      if (!set || (to !== undefined && to !== set.replica)) return false;
      later(() => connection.hear(message));
      return true;
    },
    replicas: () => set,
    onMatch(told) {
      ear = told;
    },
    close: () => connection.close(),
  };
}
