/** A session's wish for a match: held by this edge's `holders` while it waits, its states told to the client. */
import type { MatchMode } from "@frontrow/shared/config/match-mode.ts";
import type { TicketRequest } from "@frontrow/shared/protocol/up.ts";
import type { HeldOutcome, HeldTicket, TicketWish } from "@frontrow/shared/ticket/holders.ts";
import type { EdgeWorld } from "../edge.ts";
import { reachableMetros } from "../reachable.ts";
import type { Player, TicketSession } from "./tickets.ts";

export interface MatchWish {
  readonly session: Pick<TicketSession, "sid" | "isReady" | "rtt" | "tellSoon">;
  readonly request: Extract<TicketRequest, { t: "play" }>;
  readonly player: Player;
  /** Of a party's ticket. */
  readonly party?: TicketWish["party"];
}

export function openMatchTicket(
  { session, request, player, party }: MatchWish,
  world: EdgeWorld,
  ended: (outcome: HeldOutcome) => void,
): HeldTicket {
  const { id, mode } = request;
  const rules = world.modes[mode] as MatchMode;
  const openedMs = world.clockMs();
  const tell = (news: Partial<Parameters<TicketSession["tellSoon"]>[0]> & object) => {
    if (session.isReady()) session.tellSoon({ t: "state", id, state: "waiting", why: [], ...news } as never);
  };
  return world.holders.open(
    {
      sid: session.sid,
      ticket: id,
      ...(party ? { party } : {}),
      mode,
      compat: player.compat,
      options: request.options ?? {},
      avoid: request.avoid ?? [],
      receipt: request.receipt,
      timeoutMs: rules.timeoutMs,
      rtt: session.rtt,
      metros: () => reachableMetros([...world.links.values()], session.rtt(), rules.allowedMetros),
    },
    {
      waiting({ metro, players, waitMs, receipt, why }) {
        tell({
          why: [...why],
          ...(metro === undefined ? {} : { metro }),
          ...(players === undefined ? {} : { players }),
          ...(waitMs === undefined ? {} : { waitMs }),
          ...(receipt === undefined ? {} : { receipt }),
        });
      },
      asked: (askMs) => tell({ state: "asked", askMs }),
      locked: (metro) => tell({ state: "placing", metro }),
      ended(outcome) {
        const code = outcome.ok ? "seat" : outcome.refusal.code;
        world.observe({ kind: "ticket", mode, outcome: code, ms: world.clockMs() - openedMs });
        ended(outcome);
      },
    },
  );
}
