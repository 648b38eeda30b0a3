/**
 * What a party plays. The leader's edge names a play and wishes for it until it is there; the owner starts it when everybody has agreed and
 * gives each member its part of one ticket, which the member's own edge opens and holds. From then on the owner only watches: once one
 * member's part has ended without a seat, or never began, the play is over, and whoever still has a part open ends it.
 *
 * Pure: what the members' edges last said decides, so that repeating it, or another owner, comes to the same.
 */
import { checkOptions } from "@frontrow/shared/config/check-options.ts";
import type { Mode } from "@frontrow/shared/config/modes.ts";
import { FrontrowError } from "@frontrow/shared/errors.ts";
import { modeHint } from "@frontrow/shared/nearest.ts";
import type { Member, Party } from "./party.ts";

export interface Play {
  readonly id: string;
  readonly mode: string;
  /** Whose each part is; undefined for a member that this owner, a new one, has not heard of yet. */
  readonly parts: readonly (string | undefined)[];
  readonly sinceMs: number;
  readonly over: boolean;
}

export interface PlayRules {
  readonly modes: Readonly<Record<string, Mode>>;
  readonly joinOptionsBytes: number;
  /** Every part has begun within this. */
  readonly leaseMs: number;
}

const isOpen = ({ play }: Member) => play?.is === "open";

/** The party with its play as its members say that it stands. */
export function judge(party: Party, nowMs: number, { leaseMs }: Pick<PlayRules, "leaseMs">): Party {
  // Twice: what one member says may be the first that is heard of a play in which an earlier one has had its part.
  const said = [...party.members, ...party.members];
  const adopted = said.reduce((play, member) => adopt(play, member, nowMs), party.play);
  const play = adopted && isOver(adopted, party.members, nowMs, leaseMs) ? over(adopted) : adopted;
  return play === party.play ? party : { ...party, play };
}

/** A play that an earlier owner started, or one more of its parts. */
function adopt(play: Play | undefined, member: Member, nowMs: number): Play | undefined {
  const said = member.play;
  if (!said || said.part >= said.parts) return play;
  if (play?.id === said.id) {
    if (play.parts.length !== said.parts || play.parts[said.part] !== undefined) return play;
    return { ...play, parts: play.parts.with(said.part, member.id) };
  }
  if (said.is !== "open" || (play && !play.over)) return play;
  const parts: Play["parts"] = Array.from({ length: said.parts }, (_, at) =>
    at === said.part ? member.id : undefined,
  );
  return { id: said.id, mode: said.mode, parts, sinceMs: nowMs, over: false };
}

const over = (play: Play): Play => (play.over ? play : { ...play, over: true });

function isOver({ id, parts, sinceMs }: Play, members: readonly Member[], nowMs: number, leaseMs: number): boolean {
  const isLate = nowMs >= sinceMs + leaseMs;
  const stands = parts.map((memberId) => {
    if (memberId === undefined) return isLate ? "over" : "open";
    const member = members.find((one) => one.id === memberId);
    if (!member) return "over";
    if (member.play?.id !== id) return isLate ? "over" : "open";
    return member.play.is;
  });
  return stands.includes("over") || stands.every((is) => is === "seated");
}

/** What becomes of a member's wish: `wait` for others to end what they are in, `started`, or refused. */
export function grant(
  party: Party,
  member: Member,
  nowMs: number,
  rules: PlayRules,
): { party: Party } | { refused: FrontrowError } | "wait" {
  const { want } = member;
  if (!want || want.id === party.play?.id || nowMs < party.settledMs) return "wait";
  try {
    if (party.members[0]?.id !== member.id) throw new FrontrowError("NOT_LEADER");
    check(party.members, want.mode, rules);
  } catch (error) {
    return { refused: error instanceof FrontrowError ? error : new FrontrowError("INTERNAL") };
  }
  if ((party.play && !party.play.over) || party.members.some(isOpen)) return "wait";
  const parts = party.members.map(({ id }) => id);
  return { party: { ...party, play: { id: want.id, mode: want.mode, parts, sinceMs: nowMs, over: false } } };
}

/** Throws the first reason for which these may not play the mode now. */
function check(members: readonly Member[], name: string, { modes, joinOptionsBytes }: PlayRules): void {
  const mode = Object.hasOwn(modes, name) ? modes[name] : undefined;
  if (!mode) {
    throw new FrontrowError("UNKNOWN_MODE", modeHint(name, Object.keys(modes)));
  }
  if (mode.kind !== "match") {
    throw new FrontrowError("UNKNOWN_MODE", `Parties wait for matches; into "${name}" friends come by a room's code.`);
  }
  if (members.length > mode.partyMax) {
    throw new FrontrowError("PARTY_TOO_LARGE", `"${name}" takes ${mode.partyMax}, and these are ${members.length}.`);
  }
  if (members.some(({ ready }) => !ready)) throw new FrontrowError("PARTY_NOT_READY");
  for (const { playerId, options } of members) checkOf(playerId, () => checkOptions(mode, options, joinOptionsBytes));
}

/** Whose options they are: the leader chose the mode, and may not have them. */
function checkOf(playerId: string, run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof FrontrowError)) throw error;
    const issues = error.refusal.issues ?? [];
    throw new FrontrowError(error.refusal.code, `They are those of ${playerId}.`, { issues: [...issues] });
  }
}
