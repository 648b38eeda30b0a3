/**
 * One member of a party, as its edge keeps it: the serial point of what its player agreed to. A part of the party's ticket is opened only
 * here, and only while the player is ready, whatever the owner or the leader has believed. To agree is good for one play: a seat uses it
 * up, and whoever ends his own part, or lets a ready check pass, takes it back.
 *
 * Pure: each function says what the membership becomes.
 */
import type { PartyAttend, PartyState } from "@frontrow/shared/protocol/party-link.ts";

export interface Membership {
  readonly how: PartyAttend["how"];
  readonly order: number;
  readonly options: PartyAttend["options"];
  readonly ready: boolean;
  readonly want: PartyAttend["want"];
  readonly play: PartyAttend["play"];
  /** A wish of ours that is not wished any more; its play may be on its way all the same. */
  readonly unwanted: string | undefined;
}

/** How a part ended. `left`: by its own player's doing. */
export type PartEnd = "seated" | "left" | "failed";

export const entering = (how: "create" | "join", options: Membership["options"]): Membership => ({
  how,
  order: 0,
  options,
  ready: false,
  want: undefined,
  play: undefined,
  unwanted: undefined,
});

/** What a state asks of the edge: `open` the part, `end` the one that is open, say that a `wish` came to nothing. */
export type Asked = { readonly do: "open" | "end" | "forget-wish"; readonly id: string } | undefined;

export function onState(was: Membership, { order, play }: PartyState): { now: Membership; asked: Asked } {
  const now: Membership = { ...was, how: "stay", order };
  const isOurs = play !== undefined && was.want?.id === play.id;
  const settled: Membership = isOurs ? { ...now, want: undefined } : now;
  if (was.play?.is === "open") {
    const isOver = play?.id !== was.play.id || play.over;
    return { now: settled, asked: isOver ? { do: "end", id: was.play.id } : undefined };
  }
  if (!play || play.id === was.play?.id) return { now: settled, asked: undefined };
  if (play.over || play.part === undefined) {
    return { now: settled, asked: isOurs ? { do: "forget-wish", id: play.id } : undefined };
  }
  const { id, mode, part, parts } = play;
  const opens = was.ready && id !== was.unwanted;
  const mine: Membership["play"] = { id, mode, part, parts, is: opens ? "open" : "over" };
  return { now: { ...settled, play: mine }, asked: opens ? { do: "open", id } : undefined };
}

/** The player's word. */
export const onReady = (was: Membership, ready: boolean, options = was.options): Membership => ({
  ...was,
  ready,
  options,
});

/** Who wishes to play has agreed to it. */
export const onWant = (was: Membership, want: NonNullable<Membership["want"]>, options = was.options): Membership => ({
  ...was,
  want,
  options,
  ready: true,
  unwanted: was.want?.id ?? was.unwanted,
});

/** The wish is refused, too old, or taken back. */
export const onUnwant = (was: Membership, id: string): Membership =>
  was.want?.id === id ? { ...was, want: undefined, unwanted: id } : was;

export function onPartEnd(was: Membership, id: string, end: PartEnd): Membership {
  if (was.play?.id !== id || was.play.is !== "open") return was;
  const ready = was.ready && end === "failed";
  return { ...was, ready, play: { ...was.play, is: end === "seated" ? "seated" : "over" } };
}

/** The connection is gone, and its tickets with it; the member may come back on another one. */
export function onLost(was: Membership): Membership {
  const play = was.play?.is === "open" ? { ...was.play, is: "over" as const } : was.play;
  return { ...was, ready: false, want: undefined, play };
}
