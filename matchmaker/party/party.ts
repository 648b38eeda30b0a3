/**
 * Who is in a party, as its owner knows it: a cache of what the members' edges keep saying. The order of joining is each member's own and
 * travels with it, so that another owner finds the same leader in whatever order it hears of them. A party that its owner learns from
 * members who were in it before is unsettled for a moment: until as many are there as any of them has seen, or each had the time to be
 * said again.
 *
 * Pure: each function says what the party becomes; time is an argument.
 */
import type { ErrorCode } from "@frontrow/shared/errors.ts";
import type { PartyAttend, PartyMember } from "@frontrow/shared/protocol/party-link.ts";
import type { Play } from "./play.ts";

export interface Member {
  /** Names the membership, on one connection. */
  readonly id: string;
  readonly order: number;
  readonly playerId: string;
  readonly compat: string;
  readonly ready: boolean;
  readonly options: Record<string, unknown>;
  readonly want: PartyAttend["want"];
  /** What its edge says of its part in a play. */
  readonly play: PartyAttend["play"];
  readonly leaseUntilMs: number;
}

export interface Party {
  readonly code: string;
  /** In the order of joining: the first one leads. */
  readonly members: readonly Member[];
  readonly play: Play | undefined;
  readonly nextOrder: number;
  /** Before this nobody is told of it, nobody new comes in and nothing is played. */
  readonly settledMs: number;
  /** Members that somebody has seen in it. */
  readonly peers: number;
  /** Memberships that go on under another name; the last of them. What is said of them still comes from a dead connection. */
  readonly replaced: readonly string[];
}

/** More than members have connections that died unnoticed. */
const REPLACED_MAX = 64;

/** What an edge says of a member, with what was found out about it. */
export interface Arrival extends Omit<Member, "order" | "leaseUntilMs"> {
  readonly code: string;
  readonly how: PartyAttend["how"];
  /** Of a stay. */
  readonly order: number;
  readonly peers: number;
  /** Proved: it was this member of the party, on another connection. */
  readonly formerly: { readonly id: string; readonly order: number } | undefined;
}

export interface PartyRules {
  readonly membersMax: number;
  readonly leaseMs: number;
  /** Within this every member that lives was said again. */
  readonly settleMs: number;
  /** Since when this owner is the party's, or could be: before `settleMs` have passed it does not know who does not exist. */
  readonly ownerSinceMs: number;
}

/** `later`: it is not known yet. The member's edge asks again. */
export type Attended = { readonly party: Party } | { readonly refused: ErrorCode } | "later";

export function attend(party: Party | undefined, arrival: Arrival, nowMs: number, rules: PartyRules): Attended {
  const { id, how, playerId, compat } = arrival;
  const isReplaced = (name: string) => party?.replaced.includes(name) ?? false;
  if (isReplaced(id)) return { refused: "SUPERSEDED" };
  // A proof is good once: whoever shows it again is somebody else.
  const formerly = arrival.formerly && !isReplaced(arrival.formerly.id) ? arrival.formerly : undefined;
  const isSame = (member: Member) => [id, formerly?.id].includes(member.id) || member.playerId === playerId;
  const same = party?.members.filter(isSame) ?? [];
  if (party && same.length > 0) return { party: replace(party, same, arrival, nowMs, rules) };

  if (how === "create") return party ? { refused: "INTERNAL" } : { party: found(arrival, 0, nowMs, rules) };
  const order = how === "stay" ? arrival.order : formerly?.order;
  if (!party) {
    if (order !== undefined) return { party: found(arrival, order, nowMs, rules) };
    return nowMs < rules.ownerSinceMs + rules.settleMs ? "later" : { refused: "CODE_UNKNOWN" };
  }
  if (order === undefined) {
    if (nowMs < party.settledMs) return "later";
    if (party.members.some((member) => member.compat !== compat)) return { refused: "UNSUPPORTED_VERSION" };
  }
  if (party.members.length >= rules.membersMax) return { refused: "PARTY_FULL" };
  const replaced = formerly ? [...party.replaced, formerly.id].slice(-REPLACED_MAX) : party.replaced;
  const member = memberOf(arrival, order ?? party.nextOrder, nowMs, rules);
  return { party: add({ ...party, replaced }, member, arrival.peers, nowMs) };
}

function memberOf(arrival: Arrival, order: number, nowMs: number, { leaseMs }: PartyRules): Member {
  const { id, playerId, compat, ready, options, want, play } = arrival;
  return { id, order, playerId, compat, ready, options, want, play, leaseUntilMs: nowMs + leaseMs };
}

/** By the first of its members that this owner hears of. */
function found(arrival: Arrival, order: number, nowMs: number, rules: PartyRules): Party {
  const isNew = arrival.how === "create";
  return {
    code: arrival.code,
    members: [memberOf(arrival, order, nowMs, rules)],
    play: undefined,
    nextOrder: order + 1,
    settledMs: isNew || (arrival.how === "stay" && arrival.peers <= 1) ? nowMs : nowMs + rules.settleMs,
    peers: arrival.peers,
    replaced: arrival.formerly ? [arrival.formerly.id] : [],
  };
}

/** The same member again, perhaps on another connection; its place stays the earliest that it had. */
function replace(party: Party, same: readonly Member[], arrival: Arrival, nowMs: number, rules: PartyRules): Party {
  const order = Math.min(...same.map((member) => member.order));
  const others = party.members.filter((member) => !same.includes(member));
  const gone = same.flatMap(({ id }) => (id === arrival.id ? [] : id));
  const replaced = [...party.replaced, ...gone].slice(-REPLACED_MAX);
  return add({ ...party, members: others, replaced }, memberOf(arrival, order, nowMs, rules), arrival.peers, nowMs);
}

function add(party: Party, member: Member, peersSeen: number, nowMs: number): Party {
  const members = [...party.members, member].sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1));
  const peers = Math.max(party.peers, peersSeen);
  // Who came back on a new connection has seen nobody: then the others are waited for.
  const isWhole = peers > 0 && members.length >= peers;
  return {
    ...party,
    members,
    peers,
    nextOrder: Math.max(party.nextOrder, member.order + 1),
    settledMs: isWhole ? Math.min(party.settledMs, nowMs) : party.settledMs,
  };
}

/** Its edge lives and has nothing new to say of it. */
export function renew(party: Party, id: string, nowMs: number, { leaseMs }: Pick<PartyRules, "leaseMs">): Party {
  const members = party.members.map((one) => (one.id === id ? { ...one, leaseUntilMs: nowMs + leaseMs } : one));
  return { ...party, members };
}

/** Without the members whose word it was, or whose lease has run out. */
export const depart = (party: Party, id: string): Party => without(party, (member) => member.id === id);
export const lapse = (party: Party, nowMs: number): Party =>
  without(party, ({ leaseUntilMs }) => nowMs >= leaseUntilMs);

function without(party: Party, isGone: (member: Member) => boolean): Party {
  const members = party.members.filter((member) => !isGone(member));
  return members.length === party.members.length ? party : { ...party, members };
}

/** As every member sees it. */
export const membersSeen = ({ members }: Pick<Party, "members">): PartyMember[] =>
  members.map(({ playerId, ready }, at) => ({ playerId, ready, leader: at === 0 }));
