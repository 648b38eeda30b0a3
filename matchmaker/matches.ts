/**
 * The match modes of one metro, wired: who owns which pool (`replica/`), rounds and commits (`match/`), seats (`seat/`), ratings
 * (`rating/`). `metro.ts` hands it what edges say; an embedding server uses it without an edge.
 */
import type { Lobby } from "@frontrow/lobby/lobby.ts";
import type { Clock } from "@frontrow/shared/clock.ts";
import { checkOptions } from "@frontrow/shared/config/check-options.ts";
import type { MatchMode } from "@frontrow/shared/config/match-mode.ts";
import type { Mode } from "@frontrow/shared/config/modes.ts";
import { refusal, refusalOf } from "@frontrow/shared/errors.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import type { HolderMessage, ReplicaSet } from "@frontrow/shared/protocol/match-link.ts";
import { refusalWire } from "@frontrow/shared/protocol/words.ts";
import type { MatchPlacer, MatchToPlace } from "./match/commit.ts";
import type { Holder } from "./match/enlisted.ts";
import type { Member } from "./match/intake.ts";
import { createOwner, type OwnerEvent, type PoolOwner } from "./match/owner.ts";
import { createResultCollector, type ResultEvent } from "./rating/collect-results.ts";
import type { RatingStore, RecordedMatch } from "./rating/rating-store.ts";
import { createMembership } from "./replica/membership.ts";
import { createMatchPlace, type MatchReplaced, type MatchSeats, type Settled } from "./seat/place-match.ts";
import type { Servers } from "./seat/servers.ts";
import type { SignSeat } from "./seat/sign-seat.ts";
import type { Receipts } from "./ticket/receipt.ts";

/** How long matches are collected before the ratings' store is told of them. */
const RECORD_MS = 100;

export interface MatchesOptions {
  readonly metro: string;
  /** This process among the metro's replicas. */
  readonly replica: string;
  readonly modes: Readonly<Record<string, Mode>>;
  readonly lobby: Lobby;
  readonly limits: Limits;
  readonly ratings: RatingStore;
  readonly receipts: Receipts;
  readonly servers: Servers;
  readonly sign: SignSeat;
  readonly clock: Clock;
  readonly wallMs: () => number;
  readonly rng: () => number;
  readonly random: (bytes: number) => Uint8Array;
  readonly newMatchId: () => string;
  readonly soon: (run: () => void) => void;
  /** Instead of the metro's own game servers. */
  readonly placer?: MatchSeats | undefined;
  readonly observe: (
    event: OwnerEvent | ResultEvent | MatchReplaced | { readonly kind: "threw"; readonly error: unknown },
  ) => void;
}

/** A holder, and who wants to know of replicas there. */
export interface MatchPeer extends Holder {
  replicas(set: ReplicaSet & { replica: string }): void;
}

export interface Matches {
  readonly owner: PoolOwner;
  connect(peer: MatchPeer): { disconnect(): void };
  hear(peer: MatchPeer, member: Member | undefined, message: HolderMessage): void;
  giveBack(match: string, place: number): Promise<void>;
  /** Seats for a match that nobody proposed: its teams were given. Again with the same id: the same seats. */
  place(match: MatchToPlace): ReturnType<MatchPlacer["place"]>;
  replicaSet(): ReplicaSet | undefined;
  close(): Promise<void>;
}

export function createMatches(options: MatchesOptions): Matches {
  const { metro, replica, lobby, limits, clock, wallMs, ratings, observe } = options;
  const peers = new Set<MatchPeer>();
  const modes = matchModes(options.modes);
  const seats =
    options.placer ??
    createMatchPlace({
      ...options,
      seatsOf: (mode) => modes[mode]?.seats ?? 1,
      optionsOf: (mode, given) => (modes[mode] ? checkOptions(modes[mode], given, limits.joinOptionsBytes) : given),
      index: lobby.index,
      indexNowMs: () => membership.indexNowMs(),
      // Whoever reserved it may be gone without having recorded it.
      settled: record,
      replaced: observe,
    });

  const owner = createOwner({
    ...options,
    modes,
    placer: seats,
    running: options.placer ? undefined : { metro, list: lobby.index.listWanted },
    playing: options.placer ? undefined : lobby.index.playing,
    mayPlace: () => lobby.healthy(),
    observe(event) {
      // Who fills up a running match is not rated.
      if (event.kind === "matched" && event.flight.proposal.roomId === undefined) {
        record(event.flight.match, event.mode, event.flight.seats);
      }
      observe(event);
    },
  });

  const membership = createMembership({
    replica,
    replicas: lobby.replicas,
    clock,
    wallMs,
    limits,
    changed(set) {
      owner.setReplicas(set);
      for (const peer of peers) peer.replicas(saidBy(set));
    },
  });

  const saidBy = ({ epoch, members }: ReplicaSet) => ({ replica, epoch, members: [...members] });

  let unrecorded: RecordedMatch[] = [];

  /** Matches of some turns in one transaction of the store; none is over so soon. */
  function record(matchId: string, mode: string, players: readonly { playerId: string; team: number }[]): void {
    const teams = modes[mode]!.teams.map((_, index) =>
      players.filter(({ team }) => team === index).map(({ playerId }) => playerId),
    );
    unrecorded.push({ matchId, mode, teams, startedAtMs: wallMs() });
    if (unrecorded.length === 1) clock.after(RECORD_MS, () => void recordAll());
  }

  async function recordAll(): Promise<void> {
    const matches = unrecorded;
    unrecorded = [];
    if (matches.length === 0) return;
    try {
      await ratings.record(matches);
    } catch (error) {
      observe({ kind: "threw", error });
    }
  }

  const collector = createResultCollector({ index: lobby.index, ratings, clock, wallMs, observe });
  collector.start();

  async function settle(
    peer: MatchPeer,
    member: Member,
    message: Extract<HolderMessage, { t: "settle" }>,
  ): Promise<void> {
    const { n, match, options, rtt, refusedIn } = message;
    try {
      const settled = await seats.settle({ match, playerId: member.playerId, options, rtt, refusedIn });
      if (settled === "ABORTED") return peer.tell({ t: "released", n, match });
      if (settled === "STAYS") return peer.tell({ t: "unlisted", n, ...refusalWire(refusal("MATCH_STAYS")) });
      if ("retryInMs" in settled)
        return peer.tell({ t: "unsettled", n, match, retryInMs: Math.max(1, settled.retryInMs) });
      const { seat, place, team, moved } = settled;
      peer.tell({ t: "seated", n, match, metro, why: [whyHere(moved)], seat, place, team });
    } catch (error) {
      const why = refusalOf(error);
      // What the player himself says of his seat.
      if (why.code === "INVALID_ATTRIBUTES") return peer.tell({ t: "unlisted", n, ...refusalWire(why) });
      // No answer is an answer: the holder asks again.
      if (why.code === "INTERNAL") observe({ kind: "threw", error });
    }
  }

  return {
    owner,
    connect(peer) {
      peers.add(peer);
      const set = membership.set();
      if (set) peer.replicas(saidBy(set));
      return { disconnect: () => void peers.delete(peer) };
    },
    hear(peer, member, message) {
      if (message.t === "enlist" && message.epoch !== undefined) membership.saw(message.epoch);
      if (message.t !== "settle") return owner.hear(peer, member, message);
      if (member) void settle(peer, member, message);
    },
    giveBack: seats.giveBack,
    async place(match) {
      let placed = await seats.place(match);
      if ("refused" in placed && placed.seated) {
        // The index may not have heard yet of who has just left.
        await new Promise<void>((resolve) => clock.after(limits.heartbeatMs, resolve));
        placed = await seats.place(match);
      }
      if ("seats" in placed) record(match.match, match.mode, match.seats);
      return placed;
    },
    replicaSet: () => membership.set(),
    async close() {
      owner.stop();
      await Promise.all([membership.leave(), collector.stop(), recordAll()]);
    },
  };
}

export function matchModes(modes: Readonly<Record<string, Mode>>): Record<string, MatchMode> {
  return Object.fromEntries(
    Object.entries(modes).flatMap(([name, mode]) => (mode.kind === "match" ? [[name, mode] as const] : [])),
  );
}

/** What a player reads of a seat that he asked for again. */
function whyHere(moved: Settled["moved"]): string {
  if (!moved) return "The seats had been taken before the answer was lost.";
  if (moved.why === "CUT") return "The match was placed again, because its server left.";
  if (moved.why === "REFUSED") return "The match was placed again, because its server let nobody in.";
  return "The match was placed again.";
}
