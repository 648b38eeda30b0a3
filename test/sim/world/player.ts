/**
 * The players: they want matches, alone or two of them together, change their minds at every moment, look at ready checks, sit down or do
 * not, and come back over another edge when theirs is lost.
 */
import type { HeldOutcome, HeldTicket, Told } from "@frontrow/shared/ticket/holders.ts";
import type { Dice } from "../engine/dice.ts";
import type { Wish, World } from "../words.ts";
import type { Edge, Place } from "./edge.ts";
import { forgeReceipt } from "./forge.ts";
import { COMPATS, type GameServer } from "./game-server.ts";
import { readToken } from "./token.ts";

export interface Crowd {
  /** From now on nobody wants anything new. */
  close(): void;
  /** Tickets that wait. */
  readonly waiting: number;
  /** Somebody's connection breaks; its edge notices later. */
  move(): void;
  /** Players of an edge that died. */
  orphan(edge: Edge): void;
}

type Asked = Pick<Wish, "ticket" | "mode" | "compat" | "party" | "sinceMs" | "receipt">;

interface Player {
  readonly name: string;
  is: "idle" | "waiting" | "seated";
  now: { readonly wish: Wish; readonly held: HeldTicket; readonly edge: Edge } | undefined;
  asked: Asked | undefined;
  tickets: number;
  /** Where he sits, or will. */
  seat: object | undefined;
}

export function createCrowd(
  world: World,
  { count, places, servers }: { count: number; places: readonly Place[]; servers: readonly { server: GameServer }[] },
): Crowd {
  const { scheduler, counts, modes, watch, log } = world;
  const dice: Dice = world.dice.fork();
  const players: Player[] = Array.from({ length: count }, (_, number) => ({
    ...{ name: `p${number}`, is: "idle", now: undefined, asked: undefined, tickets: 0, seat: undefined },
  }));
  const solo = Object.keys(modes).filter((name) => modes[name]!.teams.length > 0);
  const shared = Object.keys(modes).filter((name) => modes[name]!.partyMax > 1);
  let isClosed = false;
  let parties = 0;

  const later = (ms: number, work: () => void) => void scheduler.after(ms, work);
  const rest = (player: Player) => later(dice.between(100, 6_000), () => want(player));

  function want(player: Player): void {
    if (isClosed || player.is !== "idle") return;
    const fellow = players[players.indexOf(player) ^ 1];
    if (fellow?.is === "idle" && dice.chance(0.4)) return wantTogether([player, fellow]);
    const mode = dice.pick(solo);
    start(player, { mode, compat: compatOf(), party: undefined });
  }

  /** Without leaving first. */
  function wantMore(player: Player, seat: object): void {
    if (isClosed || player.is !== "seated" || player.seat !== seat) return;
    counts["tickets beside a seat"]++;
    start(player, { mode: dice.pick(solo), compat: compatOf(), party: undefined });
  }

  const compatOf = () => (dice.chance(0.85) ? COMPATS[0]! : COMPATS[1]!);

  function wantTogether(members: readonly Player[]): void {
    const [mode, compat, key] = [dice.pick(shared), compatOf(), `party${parties++}`];
    for (const [part, player] of members.entries()) {
      // Whoever has not agreed stays away.
      if (part > 0 && dice.chance(0.1)) continue;
      later(part * dice.between(0, 500), () => {
        if (player.is === "idle") start(player, { mode, compat, party: { key, part, parts: members.length } });
      });
    }
  }

  function start(player: Player, what: Pick<Asked, "mode" | "compat" | "party">): void {
    const ticket = `t${player.tickets++}`;
    const isForged = dice.chance(0.1);
    if (isForged) counts["receipts forged"]++;
    const receipt = isForged ? forgeReceipt(player.name, what.mode, world.store.nowMs()) : undefined;
    counts[what.party ? "party tickets" : "tickets"]++;
    open(player, { ...what, ticket, sinceMs: scheduler.nowMs, receipt });
    if (dice.chance(0.25)) later(dice.between(0, dice.pick([50, 1_500, 8_000])), () => cancel(player, ticket));
  }

  function open(player: Player, asked: Asked): void {
    const edge = pickEdge();
    player.is = "waiting";
    player.asked = asked;
    if (!edge) return later(500, () => player.is === "waiting" && player.asked === asked && open(player, asked));
    const opened = edge.open(
      { player: player.name, ...asked },
      toldOf(player, () => opened.wish),
    );
    player.now = { ...opened, edge };
  }

  const pickEdge = (): Edge | undefined => {
    const alive = places.flatMap(({ edge }) => (edge?.machine.state === "runs" ? [edge] : []));
    return alive.length > 0 ? dice.pick(alive) : undefined;
  };

  function cancel(player: Player, ticket: string): void {
    const { now } = player;
    if (player.is !== "waiting" || now?.wish.ticket !== ticket) return;
    now.edge.machine.hear(() => {
      if (player.now !== now) return;
      counts["tickets cancelled"]++;
      log(() => `${player.name} cancels ${ticket}`);
      takeBack(now);
      idle(player);
      now.held.cancel();
    });
  }

  function takeBack({ wish }: NonNullable<Player["now"]>): void {
    wish.end = "cancelled";
    watch.cancelled(wish);
  }

  function idle(player: Player): void {
    player.is = "idle";
    player.now = undefined;
    player.asked = undefined;
    rest(player);
  }

  /** What the client hears; nothing any more once its socket, or its edge, is gone. */
  function toldOf(player: Player, wishOf: () => Wish): Told {
    const isHere = () => player.now?.wish === wishOf();
    return {
      waiting({ receipt }) {
        if (isHere() && player.asked && receipt) player.asked = { ...player.asked, receipt };
      },
      asked(askMs) {
        if (isHere()) look(player, askMs);
      },
      locked() {
        if (dice.chance(0.06)) later(dice.between(0, 30), () => isHere() && cancel(player, wishOf().ticket));
      },
      ended(outcome) {
        const wish = wishOf();
        watch.ended(wish, outcome);
        wish.end = outcome.ok ? "seat" : "refused";
        if (isHere()) finish(player, outcome);
      },
    };
  }

  /** At a ready check. */
  function look(player: Player, askMs: number): void {
    const { now } = player;
    const mood = dice.next();
    if (mood < 0.05) return;
    const say = () => {
      if (player.now !== now) return;
      log(() => `${player.name} is ${mood >= 0.12 ? "" : "not "}ready`);
      if (mood < 0.12) counts["ready checks declined"]++;
      now!.held.ready(mood >= 0.12);
    };
    later(dice.between(0, 0.9 * askMs), () => now?.edge.machine.hear(say));
  }

  function finish(player: Player, outcome: HeldOutcome): void {
    if (!outcome.ok) {
      if (outcome.refusal.code === "MATCH_TIMEOUT") counts["tickets timed out"]++;
      return idle(player);
    }
    counts["tickets seated"]++;
    player.is = "seated";
    player.now = undefined;
    const seat = {};
    player.seat = seat;
    const leave = () => {
      if (player.seat !== seat) return;
      player.seat = undefined;
      watch.left(player.name);
      if (player.is === "seated") idle(player);
    };
    if (dice.chance(0.05)) return later(500, leave);
    const claims = readToken(outcome.seat.token);
    const sit = () => {
      const server = servers.find(({ server }) => server.boot === claims.boot)?.server;
      const stand = () => {
        watch.stood(player.name);
        leave();
      };
      if (server?.sit(claims, stand)) {
        counts["seats sat in"]++;
        watch.sat(player.name);
        if (dice.chance(0.15)) later(dice.between(0, 4_000), () => wantMore(player, seat));
        return;
      }
      counts["seats not taken"]++;
      leave();
    };
    later(dice.between(0, dice.pick([100, 1_000, 8_000])), sit);
  }

  function comeAgain(player: Player): void {
    const { asked } = player;
    player.now = undefined;
    later(dice.between(100, 3_000), () => {
      if (player.is !== "waiting" || player.asked !== asked) return;
      counts["tickets resubmitted"]++;
      open(player, asked!);
    });
  }

  for (const player of players) rest(player);
  return {
    close() {
      isClosed = true;
    },
    get waiting() {
      return players.filter(({ is }) => is === "waiting").length;
    },
    move() {
      const waiting = players.filter(({ now }) => now !== undefined);
      if (waiting.length === 0) return;
      const player = dice.pick(waiting);
      const now = player.now!;
      const { wish, edge, held } = now;
      counts["moves to another edge"]++;
      log(() => `${player.name} loses its socket to ${edge.name}`);
      wish.isDeaf = true;
      comeAgain(player);
      const notice = () => {
        if (wish.end) return;
        takeBack(now);
        held.cancel();
      };
      later(dice.between(0, 8_000), () => edge.machine.hear(notice));
    },
    orphan(edge) {
      for (const player of players) {
        if (player.now?.edge !== edge) continue;
        player.now.wish.isDeaf = true;
        comeAgain(player);
      }
    },
  };
}
