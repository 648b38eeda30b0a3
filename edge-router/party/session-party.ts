/**
 * The party of one session: one at a time. What its client asks becomes the word of its membership; what the membership is told goes to
 * the client, and its parts of the party's tickets are tickets of the session like any other.
 */
import { checkOptionsSize } from "@frontrow/shared/config/check-options.ts";
import { FrontrowError, type Refusal, refusal, refusalOf } from "@frontrow/shared/errors.ts";
import { metroOfRoomCode, normaliseRoomCode, roomCodeOf } from "@frontrow/shared/metro.ts";
import type { PartyRequest, TicketRequest } from "@frontrow/shared/protocol/up.ts";
import type { EdgeWorld } from "../edge.ts";
import { reachableMetros } from "../reachable.ts";
import type { OpenPart, Player, TicketSession, Tickets } from "../session/tickets.ts";
import type { HeldMembership, PartCall, ToldMember } from "./words.ts";

export interface SessionParty {
  hear(message: PartyRequest, player: Player): void;
  /** Takes back the wish to play that `ticket` names; false: it names none. */
  cancel(ticket: string): boolean;
  /** The connection is gone. */
  lose(): void;
}

type Entering = Extract<PartyRequest, { t: "party-create" | "party-join" }>;
type Playing = Extract<PartyRequest, { t: "party-play" }>;
type Options = NonNullable<Playing["options"]>;

interface Current {
  readonly id: string;
  readonly player: Player;
  code: string;
  options: Options;
  /** Absent until it is known that the player may come in. */
  held?: HeldMembership;
  isIn: boolean;
  /** What the leader wishes to play, until it is. */
  wish?: { readonly play: string; readonly request: Playing } | undefined;
  part?: { readonly play: string; readonly open: OpenPart } | undefined;
}

export function createSessionParty(
  session: TicketSession,
  tickets: Pick<Tickets, "openPart" | "end">,
  world: EdgeWorld,
): SessionParty {
  const { sid, address, tell, complain } = session;
  const { limits, rates, memberships } = world;
  let current: Current | undefined;

  // ---- coming in ----------------------------------------------------------------------------------------------------

  async function enter(request: Entering, player: Player): Promise<void> {
    const { id, options = {} } = request;
    if (current) return complain(refusal("IN_PARTY"), id);
    const mine: Current = { id, player, code: "", options, isIn: false };
    current = mine;
    try {
      await pace(player);
      checkOptionsSize(options, limits.joinOptionsBytes);
      mine.code = request.t === "party-create" ? newCode() : await codeOf(request.code);
    } catch (error) {
      if (current === mine) current = undefined;
      return refuse(error, id);
    }
    if (current !== mine) return;
    mine.held = memberships.open(
      {
        ...{ sid, code: mine.code, options, compat: player.compat },
        how: request.t === "party-create" ? "create" : "join",
        resume: request.t === "party-join" ? request.resume : undefined,
      },
      toldOf(mine),
    );
  }

  async function pace({ playerId }: Player): Promise<void> {
    const waitMs = await rates.play(playerId);
    if (waitMs > 0) throw new FrontrowError("RATE_LIMITED", undefined, { retryAfterMs: waitMs });
  }

  /** In the metro where the player is nearest; its friends come there from wherever they are. */
  function newCode(): string {
    const nearest = reachableMetros([...world.links.values()], session.rtt(), undefined)[0];
    if (!nearest) throw new FrontrowError("NO_METRO");
    return roomCodeOf(nearest.metro, world.random(8));
  }

  /** Counted as a wrong one until it turns out to be right. */
  async function codeOf(typed: string): Promise<string> {
    const waitMs = await rates.tryCode(address);
    if (waitMs > 0) throw new FrontrowError("RATE_LIMITED", undefined, { retryAfterMs: waitMs });
    const code = normaliseRoomCode(typed);
    if (!code || !world.links.has(metroOfRoomCode(code))) throw new FrontrowError("CODE_UNKNOWN");
    return code;
  }

  function refuse(error: unknown, id: string): void {
    if (!(error instanceof FrontrowError)) world.observe({ kind: "threw", error });
    if (session.isReady()) complain(refusalOf(error), id);
  }

  // ---- what the membership is told ----------------------------------------------------------------------------------

  function toldOf(mine: Current): ToldMember {
    return {
      state({ members, resume }) {
        if (!mine.isIn) rates.rightCode(address);
        mine.isIn = true;
        tell({ t: "party", id: mine.id, code: mine.code, members: [...members], resume });
      },
      refused(why) {
        if (!mine.isIn && why.code !== "CODE_UNKNOWN") rates.rightCode(address);
        notPlayed(mine, why);
        mine.part?.open.over();
        if (current === mine) current = undefined;
        complain(why, mine.id);
      },
      notPlayed(id, why) {
        if (mine.wish?.play === id) notPlayed(mine, why);
      },
      call: (part) => call(mine, part),
      over(id) {
        if (mine.part?.play === id) mine.part.open.over();
      },
    };
  }

  function notPlayed(mine: Current, why: Refusal): void {
    const { wish } = mine;
    mine.wish = undefined;
    if (wish) complain(why, wish.request.ticket);
  }

  function call(mine: Current, { id: play, mode, part, parts }: PartCall): void {
    const own = mine.wish?.play === play ? mine.wish.request : undefined;
    if (own) mine.wish = undefined;
    const id = own?.ticket ?? `party_${world.requestId()}`;
    if (!own) tell({ t: "party-call", id: mine.id, ticket: id, mode });
    if (world.modes[mode]?.kind !== "match") {
      complain(refusal("UNKNOWN_MODE"), id);
      return mine.held?.partEnded(play, "left");
    }
    const request: Extract<TicketRequest, { t: "play" }> = {
      ...{ t: "play", id, mode, options: mine.options },
      ...(own?.avoid ? { avoid: own.avoid } : {}),
    };
    const party = { key: `${mine.code}#${play}`, part, parts };
    const open = tickets.openPart({ request, player: mine.player, party }, (end) => {
      if (mine.part?.play === play) mine.part = undefined;
      mine.held?.partEnded(play, end);
    });
    mine.part = { play, open };
  }

  // ---- what a member asks -------------------------------------------------------------------------------------------

  function ready({ yes, options }: Extract<PartyRequest, { t: "party-ready" }>, mine: Current): void {
    if (options) {
      checkOptionsSize(options, limits.joinOptionsBytes);
      mine.options = options;
    }
    // Who takes his word back is in no ticket any more.
    if (!yes) mine.part?.open.cancel();
    mine.held?.ready(yes, mine.options);
  }

  async function play(request: Playing, mine: Current): Promise<void> {
    try {
      await pace(mine.player);
      if (current !== mine || !mine.held) throw new FrontrowError("NOT_IN_PARTY");
      if (request.options) {
        checkOptionsSize(request.options, limits.joinOptionsBytes);
        mine.options = request.options;
      }
      // The newest wish counts.
      tickets.end("SUPERSEDED");
      notPlayed(mine, refusal("SUPERSEDED"));
      mine.wish = { play: mine.held.want(request.mode, mine.options), request };
    } catch (error) {
      refuse(error, request.ticket);
    }
  }

  function leave(mine: Current): void {
    mine.part?.open.cancel();
    notPlayed(mine, refusal("CANCELLED"));
    mine.held?.leave();
    current = undefined;
  }

  return {
    hear(message, player) {
      if (message.t === "party-create" || message.t === "party-join") return void enter(message, player);
      const mine = current;
      const about = message.t === "party-play" ? message.ticket : message.id;
      if (mine?.id !== message.id || (!mine.isIn && message.t !== "party-leave")) {
        return message.t === "party-leave" ? undefined : complain(refusal("NOT_IN_PARTY"), about);
      }
      if (message.t === "party-leave") return leave(mine);
      if (message.t === "party-play") return void play(message, mine);
      try {
        ready(message, mine);
      } catch (error) {
        refuse(error, about);
      }
    },
    cancel(ticket) {
      const mine = current;
      if (!mine?.wish || mine.wish.request.ticket !== ticket) return false;
      mine.held?.unwant(mine.wish.play);
      notPlayed(mine, refusal("CANCELLED"));
      return true;
    },
    lose() {
      const mine = current;
      current = undefined;
      mine?.held?.lose();
    },
  };
}
