/**
 * A metro of some replicas and its edges in one process, on vitest's fake clock, with players who speak JSON. Matches get seats that lead
 * nowhere. A replica can be lost as a killed process is: nobody reaches it, and it says nothing any more.
 */
import { createEdge, type Edge } from "@frontrow/edge-router/edge.ts";
import { createInProcessLink } from "@frontrow/edge-router/link/in-process.ts";
import { joinReplicas } from "@frontrow/edge-router/link/replicas.ts";
import type { MatchEar, MetroLink } from "@frontrow/edge-router/ports.ts";
import { createMemoryLobby } from "@frontrow/lobby/memory/memory.ts";
import type { MatchToPlace } from "@frontrow/matchmaker/match/commit.ts";
import { createMetro, type Metro } from "@frontrow/matchmaker/metro.ts";
import { createMemoryRatings } from "@frontrow/matchmaker/rating/memory/memory.ts";
import { fill, type Mode, match } from "@frontrow/shared/config/modes.ts";
import { FrontrowError } from "@frontrow/shared/errors.ts";
import { type Limits, resolveLimits } from "@frontrow/shared/limits.ts";
import { base62 } from "@frontrow/shared/metro.ts";
import type { Down } from "@frontrow/shared/protocol/down.ts";
import { generateSeatKey } from "@frontrow/shared/seat-token.ts";
import { createSystemClock } from "@frontrow/shared/system-clock.ts";
import { afterEach, beforeEach, vi } from "vitest";
import * as z from "zod";
import { seatIn } from "./fake-link.ts";

const team = (seats: number) => [{ seats }, { seats }];
const partyModes: Record<string, Mode> = {
  pairs: match({ teams: team(2), bots: { afterMs: 0 }, holdMs: 0 }),
  // Nobody else is there: a party waits in it.
  squads: match({ teams: team(3), partyMax: 3, holdMs: 0 }),
  checked: match({ teams: team(2), bots: { afterMs: 0 }, holdMs: 0, readyCheckMs: 5_000 }),
  roles: match({ teams: team(2), holdMs: 0, options: z.object({ role: z.enum(["tank", "healer"]) }) }),
  arena: fill({ seats: 8 }),
};

type Link = MetroLink & { close(): void };
export type Said<T extends Down["t"]> = Extract<Down, { t: T }>;

export interface PartyPlayer {
  readonly heard: Down[];
  say(message: Record<string, unknown>): Promise<void>;
  /** What was heard last of this kind, or of this kind about `id`. */
  last<T extends Down["t"]>(t: T, id?: string): Said<T> | undefined;
  /** The codes of errors about `id`. */
  errors(id?: string): string[];
  /** The members as the player knows them, such as `alice* bob+`: `*` leads, `+` is ready. */
  members(): string;
  drop(): Promise<void>;
}

export interface PartyWorld {
  readonly edges: readonly Edge[];
  readonly replicas: readonly (Metro & { readonly name: string })[];
  readonly placed: MatchToPlace[];
  /** What a reservation waits for; that it rejects with is what the match is refused with. */
  reserving: Promise<void>;
  enter(edge?: number, jwt?: string): Promise<PartyPlayer>;
  pass(ms: number): Promise<void>;
  /** Nobody reaches it any more. */
  lose(replica: string): void;
  stop(): Promise<void>;
}

export async function createPartyWorld(
  options: { edges?: number; replicas?: number; limits?: Partial<Limits> } = {},
): Promise<PartyWorld> {
  const limits = resolveLimits({ playsPerPlayerPerSecond: 100, ...options.limits });
  const lobby = createMemoryLobby({ metro: "fra", limits });
  const clock = createSystemClock(() => Date.now());
  const issuerKey = generateSeatKey().privateText;
  const lost = new Set<string>();
  const placed: MatchToPlace[] = [];
  let seed = 1;
  const random = (bytes: number) =>
    Uint8Array.from({ length: bytes }, () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed & 0xff;
    });
  // Edges believe everybody; what they say is not enough for the metro.
  const believe = async (jwt: string) => ({ playerId: jwt });
  const verifyPlayer = async (jwt: string) => {
    if (jwt === "stranger") throw new FrontrowError("AUTH_INVALID");
    return believe(jwt);
  };

  const replicas = Array.from({ length: options.replicas ?? 1 }, (_, at) => {
    const name = `mm-${at + 1}`;
    const claims: typeof lobby.replicas = {
      claim: (claim) =>
        lost.has(name) ? Promise.reject(new FrontrowError("INDEX_AWAY")) : lobby.replicas.claim(claim),
    };
    const metro = createMetro({
      ...{
        metro: "fra",
        modes: partyModes,
        limits,
        issuerKey,
        fleetKeys: [],
        verifyPlayer,
        guests: true,
        clock,
        random,
      },
      lobby: { ...lobby, replicas: claims },
      replica: name,
      ratings: createMemoryRatings(),
      soon: setImmediate,
      nowMs: () => Date.now(),
      placer: {
        async place(wanted) {
          placed.push(wanted);
          const refused = await world.reserving.then(
            () => undefined,
            (error: FrontrowError) => error,
          );
          if (refused) return { refused };
          const room = `fra_1_${wanted.match.slice(0, 8)}`;
          return { seats: wanted.seats.map(({ playerId }) => ({ ...seatIn("fra", room), sessionId: playerId })) };
        },
        settle: async () => "ABORTED",
        giveBack: async () => {},
      },
      observe(event) {
        if (event.kind === "threw") throw event.error;
      },
    });
    return { ...metro, name };
  });

  function linkTo(replica: (typeof replicas)[number]): Link {
    const link = createInProcessLink(replica, limits);
    const isLost = () => lost.has(replica.name);
    return {
      ...link,
      isUp: () => !isLost(),
      say: (to, message) => !isLost() && link.say(to, message),
      onMatch(ear: MatchEar) {
        link.onMatch({ hear: (from, message) => void (isLost() || ear.hear(from, message)), changed: ear.changed });
      },
    };
  }

  const edges = Array.from({ length: options.edges ?? 1 }, (_, at) =>
    createEdge({
      ...{
        edge: `edge-${at}`,
        modes: partyModes,
        compat: undefined,
        limits,
        verifyPlayer: believe,
        guests: true,
        clock,
        random,
      },
      links: [joinReplicas(replicas.map(linkTo) as [Link, ...Link[]])],
      observe(event) {
        if (event.kind === "threw") throw event.error;
      },
    }),
  );
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms).then(() => {});
  await pass(5);

  async function enter(at = 0, jwt?: string): Promise<PartyPlayer> {
    const heard: Down[] = [];
    const socket = {
      send: (text: Uint8Array | string) => void heard.push(JSON.parse(text as string)),
      close: () => {},
      ping: () => {},
    };
    const session = edges[at]!.open({
      ...{ socket, subprotocol: "frontrow.v1.json" },
      address: `192.0.${at}.${base62(random(3))}`,
    });
    const say = async (message: Record<string, unknown>) => {
      session.message(JSON.stringify(message));
      await pass(50);
    };
    await say({ t: "hello", v: 1, ...(jwt ? { jwt } : {}) });
    const all = <T extends Down["t"]>(t: T, id?: string) =>
      heard.filter((one): one is Said<T> => one.t === t && (id === undefined || ("id" in one && one.id === id)));
    return {
      heard,
      say,
      last: (t, id) => all(t, id).at(-1),
      errors: (id) => all("error", id).map(({ code }) => code),
      members: () =>
        (all("party").at(-1)?.members ?? [])
          .map(({ playerId, ready, leader }) => `${playerId}${leader ? "*" : ""}${ready ? "+" : ""}`)
          .join(" "),
      async drop() {
        session.closed();
        await pass(50);
      },
    };
  }

  const world: PartyWorld = {
    edges,
    replicas,
    placed,
    reserving: Promise.resolve(),
    enter,
    pass,
    lose: (replica) => void lost.add(replica),
    async stop() {
      for (const edge of edges) edge.stop();
      for (const replica of replicas) await replica.close();
      await lobby.close();
    },
  };
  return world;
}

/** What the tests' players say of their party, which they call `p`. */
export const words = {
  create: { t: "party-create", id: "p" },
  ready: { t: "party-ready", id: "p", yes: true },
  leave: { t: "party-leave", id: "p" },
  play: (mode: string, ticket = "t1") => ({ t: "party-play", id: "p", ticket, mode }),
  join: (player: PartyPlayer) => ({ t: "party-join", id: "p", code: codeOf(player) }),
};
export const codeOf = (player: PartyPlayer) => player.last("party")!.code;
/** The ticket that a member was called to. */
export const called = (player: PartyPlayer) => player.last("party-call")!.ticket;

/** Players of these names, each on another edge, in the party of the first. */
export async function partyOf<N extends string[]>(
  world: PartyWorld,
  ...names: N
): Promise<{ [at in keyof N]: PartyPlayer }> {
  const players: PartyPlayer[] = [];
  for (const name of names) {
    const player = await world.enter(players.length % world.edges.length, name);
    await player.say(players[0] ? words.join(players[0]) : words.create);
    players.push(player);
  }
  return players as { [at in keyof N]: PartyPlayer };
}

/** Each test of the file has a time of its own, and its world is stopped with it. */
export function inFakeTime(stop: () => Promise<void>): void {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(async () => {
    await stop();
    vi.useRealTimers();
  });
}
