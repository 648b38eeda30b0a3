/** What the scripts are called with: reservations, releases and heartbeats as text. */
import { believed } from "../believed.ts";
import { isOfMatch, notAfterOf } from "../bounds.ts";
import type { Heartbeat, Reservation } from "../lobby.ts";

/** What many want alike is one word, the wish, so that the script reads it once for all of them. */
export function reservationArgs(reservation: Reservation): string[] {
  const { ticket, seats, compat, target, fresh, avoid, roster = "", players = [] } = reservation;
  const [kind, subject] = targetArgs(target);
  const wish = `${seats} ${compat} ${kind} ${fresh.seats} ${avoid.join(",")} ${subject}`;
  // JSON has no line breaks of its own.
  const own = isOfMatch(reservation) ? `${notAfterOf(reservation)} ${JSON.stringify(players)}\n${roster}` : fresh.code;
  return [ticket, wish, `${fresh.suffix} ${own}`];
}

function targetArgs(target: Reservation["target"]): [kind: string, subject: string] {
  switch (target.kind) {
    case "best":
    case "open":
    case "match":
      return [target.kind, target.mode];
    case "new":
      return [target.private ? "private" : "new", target.mode];
    case "room":
      return [target.backfill === true ? "backfill" : "room", target.roomId];
    case "code":
      return ["code", target.code];
  }
}

export interface Release {
  readonly ticket: string;
  /** All of them unless given. */
  readonly seats: readonly number[] | undefined;
}

const SEAT_LAST = 63;

export function releaseArgs({ ticket, seats }: Release): string[] {
  const named = seats?.filter((seat) => Number.isInteger(seat) && seat >= 0 && seat <= SEAT_LAST).join(",");
  return [ticket, named ?? "all"];
}

export function heartbeatArgs(metro: string, beat: Heartbeat): (string | number)[] {
  const { server, boot, seq, ...said } = believed(metro, beat);
  return [server, boot, seq, JSON.stringify(said)];
}
