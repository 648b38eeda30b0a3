/**
 * Several replicas of one metro's matchmaker as one link: what any of them can do goes to the nearest that is up, what one pool's owner
 * must hear goes to that one, and sessions are known to all, because a player's next ticket may be any one's.
 */
import { FrontrowError } from "@frontrow/shared/errors.ts";
import type { ReplicaSet } from "@frontrow/shared/protocol/match-link.ts";
import type { MetroLink } from "../ports.ts";

type Link = MetroLink & { close(): void };

export function joinReplicas(links: readonly [Link, ...Link[]]): Link {
  if (links.length === 1) return links[0];
  const up = (): Link => {
    const reached = links.filter((link) => link.isUp());
    const distance = (link: Link) => link.roundTrip()?.minMs ?? Number.POSITIVE_INFINITY;
    const nearest = reached.sort((a, b) => distance(a) - distance(b))[0];
    if (!nearest) throw new FrontrowError("MATCHMAKER_AWAY");
    return nearest;
  };
  return {
    metro: links[0].metro,
    isUp: () => links.some((link) => link.isUp()),
    roundTrip: () => links.find((link) => link.isUp())?.roundTrip() ?? links[0].roundTrip(),
    // The first that believes in the player is enough; the others are told again when they are back.
    openSession: (who) =>
      Promise.any(links.map((link) => link.openSession(who))).catch((all: AggregateError) => {
        throw all.errors[0];
      }),
    closeSession(sid) {
      for (const link of links) link.closeSession(sid);
    },
    place: async (request) => up().place(request),
    findSeat: async (asked) => up().findSeat(asked),
    giveBack: async (sid, ticket, of) => up().giveBack(sid, ticket, of),
    listRooms: async (query) => up().listRooms(query),
    locate: async (roomId) => up().locate(roomId),
    onSuperseded(told) {
      for (const link of links) link.onSuperseded(told);
    },
    say: (replica, message) => links.some((link) => link.say(replica, message)),
    replicas: () =>
      links.reduce<ReplicaSet | undefined>((best, link) => {
        const set = link.replicas();
        return set && (!best || set.epoch > best.epoch) ? set : best;
      }, undefined),
    onMatch(ear) {
      for (const link of links) link.onMatch(ear);
    },
    close() {
      for (const link of links) link.close();
    },
  };
}
