/**
 * Matches whose players land on servers of the embedding program's own: its `place` hook says where each of them connects. A hook may
 * take longer than tickets stay locked; who asks meanwhile how the match ended (`settle`) is told to ask again, so that a slow hook
 * loses no match and seats nobody twice.
 */
import type { Clock } from "@frontrow/shared/clock.ts";
import { FrontrowError } from "@frontrow/shared/errors.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import type { Seat } from "@frontrow/shared/protocol/words.ts";
import type { MatchToPlace } from "../match/commit.ts";
import type { MatchSeats } from "../seat/place-match.ts";

export interface MatchPlayer {
  readonly id: string;
  /** Where the mode has roles. */
  readonly role: string | undefined;
  /** What was submitted with the player's ticket, as the mode's schema has it. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Players who are to meet, by team. */
export interface FoundMatch {
  readonly id: string;
  readonly mode: string;
  readonly metro: string;
  readonly teams: readonly (readonly MatchPlayer[])[];
  /** Seats that bots take, by team. */
  readonly bots: readonly number[];
}

/**
 * Connection info by player id, for each player of the match. A hook that throws, or takes longer than `placeMs` (then `signal` is
 * aborted), places nobody: the tickets wait on, as old as they are, and meet again.
 */
export type PlaceHook<Connection> = (
  match: FoundMatch,
  context: { readonly signal: AbortSignal },
) => Readonly<Record<string, Connection>> | Promise<Readonly<Record<string, Connection>>>;

export interface HookPlacerOptions<Connection> {
  /** Undefined: matches are only announced. */
  readonly hook: PlaceHook<Connection> | undefined;
  readonly placeMs: number;
  readonly clock: Clock;
  readonly limits: Pick<Limits, "settleRetryMs" | "seatHoldMs" | "apiEndedKeptMs">;
  readonly isPaused: (mode: string) => boolean;
  readonly threw: (error: unknown) => void;
}

export interface HookPlacer<Connection> extends MatchSeats {
  /** Of a match that was placed a moment ago. */
  connectionOf(match: string, playerId: string): Connection | undefined;
}

interface Placing<Connection> {
  readonly seats: MatchToPlace["seats"];
  readonly placed: ReturnType<MatchSeats["place"]>;
  /** Undefined: the hook is still at it. */
  connections: Readonly<Record<string, Connection>> | undefined;
}

/** The words of a seat that is no room's: a holder carries them and nobody reads them. */
const NOWHERE: Omit<Seat, "mode"> = {
  token: "",
  roomId: "",
  sessionId: "",
  publicAddress: "",
  secure: false,
  expiresInMs: 0,
  generation: 1,
};

export function createHookPlacer<Connection>(options: HookPlacerOptions<Connection>): HookPlacer<Connection> {
  const { hook, placeMs, clock, limits } = options;
  const placings = new Map<string, Placing<Connection>>();

  async function ask(placing: MatchToPlace): Promise<Readonly<Record<string, Connection>>> {
    if (!hook) return {};
    const late = new AbortController();
    let stop = () => {};
    const overdue = new Promise<never>((_, reject) => {
      stop = clock.after(placeMs, () => {
        late.abort();
        reject(new Error(`place() took longer than ${placeMs} ms for match ${placing.match}`));
      });
    });
    try {
      const answered = (async () => hook(foundMatch(placing), { signal: late.signal }))();
      // Whatever it says after its time reaches nobody.
      answered.catch(() => {});
      const connections = await Promise.race([answered, overdue]);
      const missing = placing.seats.find(({ playerId }) => !Object.hasOwn(connections, playerId));
      if (missing) throw new Error(`place() has nothing for player ${missing.playerId} of match ${placing.match}`);
      return connections;
    } finally {
      stop();
    }
  }

  async function placeNow(placing: MatchToPlace): ReturnType<MatchSeats["place"]> {
    const { match, mode, seats } = placing;
    try {
      const connections = await ask(placing);
      placings.get(match)!.connections = connections;
      // As long as a holder may ask how the match ended, or a ticket's end is read over HTTP.
      clock.after(2 * limits.seatHoldMs + limits.apiEndedKeptMs, () => placings.delete(match));
      return { seats: seats.map(() => ({ ...NOWHERE, mode })) };
    } catch (error) {
      placings.delete(match);
      options.threw(error);
      return { refused: new FrontrowError("ROOM_FAILED") };
    }
  }

  return {
    async place(placing) {
      const known = placings.get(placing.match);
      if (known) return known.placed;
      if (options.isPaused(placing.mode)) return { refused: new FrontrowError("MODE_PAUSED") };
      const placed = Promise.resolve().then(() => placeNow(placing));
      placings.set(placing.match, { seats: placing.seats, placed, connections: undefined });
      return placed;
    },

    async settle({ match, playerId }) {
      const placing = placings.get(match);
      if (!placing) return "ABORTED";
      if (!placing.connections) return { retryInMs: limits.settleRetryMs };
      const place = placing.seats.findIndex((seat) => seat.playerId === playerId);
      if (place < 0) return "ABORTED";
      return { seat: { ...NOWHERE, mode: "" }, place, team: placing.seats[place]!.team };
    },

    // The embedding program's servers are its own: it hears of the ticket's end.
    giveBack: async () => {},

    connectionOf: (match, playerId) => placings.get(match)?.connections?.[playerId],
  };
}

export function foundMatch({
  match,
  mode,
  metro,
  seats,
  bots,
}: Pick<MatchToPlace, "match" | "mode" | "metro" | "seats" | "bots">): FoundMatch {
  const teams = bots.map((): MatchPlayer[] => []);
  for (const { playerId, team, role, options } of seats) {
    teams[team]?.push({ id: playerId, role, attributes: options });
  }
  return { id: match, mode, metro, teams, bots };
}
