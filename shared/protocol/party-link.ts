/**
 * What the edge of a party's member and the party's owner say to one another. A party lives with its members: each edge says, whenever
 * something changes, all that it knows of its member (`party-attend`), and every renewal that it still is so. The owner's memory is a
 * cache of that, so that any message may be lost, late or said twice, and another owner learns the party from its members.
 * `edge-router/party/` is the member's side, `matchmaker/party/` the owner's.
 */
import * as z from "zod";
import { ROOM_CODE } from "../metro.ts";
import { JoinOptions, ModeName, Nonce, RefusalWire } from "./words.ts";

/** The edge's number for the membership; never used again in its process. */
const n = z.int().nonnegative();
const sid = z.string().min(1).max(64);
const MEMBERS_MAX = 64;
const part = z
  .int()
  .min(0)
  .max(MEMBERS_MAX - 1);
const parts = z.int().min(1).max(MEMBERS_MAX);

/** Shaped like a room's: the metro, and what nobody guesses. */
const PartyCode = z.string().regex(ROOM_CODE);
/** The edge of the leader that asked names a play; with the party's code it is the key of the ticket. */
const PlayId = Nonce;
/** What a member shows on its next connection, wherever that is, to be the same member again. */
export const PartyResume = z.object({ member: Nonce, receipt: z.string().max(512) });
export type PartyResume = z.infer<typeof PartyResume>;

/** A member, complete. */
export const PartyAttend = z.object({
  t: z.literal("party-attend"),
  n,
  sid,
  code: PartyCode,
  /** Names the membership. */
  member: Nonce,
  /** `stay`: an owner has let it in before. */
  how: z.enum(["create", "join", "stay"]),
  /** Of a stay: the how manieth it was to come, from 0. Who has the smallest leads. */
  order: z.int().nonnegative(),
  /** Of a join: it was a member on an earlier connection. */
  resume: PartyResume.optional(),
  /** Goes up with everything that its edge changes. */
  own: z.int().nonnegative(),
  /** `rev` of the last state that its edge heard, and how many members that had. */
  seen: z.int().nonnegative(),
  peers: z.int().min(0).max(MEMBERS_MAX),
  compat: z.string().max(64),
  options: JoinOptions,
  /** Agreed to the next play. */
  ready: z.boolean(),
  /** Wishes that the party plays this, until a state has that play, or the wish is refused. */
  want: z.object({ id: PlayId, mode: ModeName }).optional(),
  /** Its part in the last play that it was called to. `open`: enlisted, or about to be; `over`: ended without a seat. */
  play: z.object({ id: PlayId, mode: ModeName, part, parts, is: z.enum(["open", "seated", "over"]) }).optional(),
});
export type PartyAttend = z.infer<typeof PartyAttend>;

/** Still so, all of them. */
export const PartyRenew = z.object({
  t: z.literal("party-renew"),
  members: z.array(z.object({ n, own: z.int().nonnegative(), seen: z.int().nonnegative() })).max(512),
});
/** Left. */
export const PartyDepart = z.object({ t: z.literal("party-depart"), n });

export const MemberMessage = z.discriminatedUnion("t", [PartyAttend, PartyRenew, PartyDepart]);
export type MemberMessage = z.infer<typeof MemberMessage>;

/** A member as the others see it. */
export const PartyMember = z.object({ playerId: z.string().max(64), ready: z.boolean(), leader: z.boolean() });
export type PartyMember = z.infer<typeof PartyMember>;

/** To each member, whenever anything of it changes. */
export const PartyState = z.object({
  t: z.literal("party-state"),
  n,
  rev: z.int().nonnegative(),
  /** The member's own place in the order of joining, and its proof of it. */
  order: z.int().nonnegative(),
  receipt: z.string().max(512),
  /** The leader first. */
  members: z.array(PartyMember).max(MEMBERS_MAX),
  /** The last one. `part`: this member's. `over`: whoever still has a part open in it ends it. */
  play: z.object({ id: PlayId, mode: ModeName, part: part.optional(), parts, over: z.boolean() }).optional(),
});
export type PartyState = z.infer<typeof PartyState>;
/** These are not known as they are said to be: to be said in full. */
export const PartyUnknown = z.object({ t: z.literal("party-unknown"), ns: z.array(n).max(512) });
/** Not a member, or not any more; with `play`: a member, whose wish to play is refused. */
export const PartyRefused = z.object({
  t: z.literal("party-refused"),
  n,
  play: PlayId.optional(),
  ...RefusalWire.shape,
});

export const PartyMessage = z.discriminatedUnion("t", [PartyState, PartyUnknown, PartyRefused]);
export type PartyMessage = z.infer<typeof PartyMessage>;

/** All messages about parties begin alike, and no others do. */
export function isPartyMessage<T extends { t: string }>(message: T): message is Extract<T, { t: `party-${string}` }> {
  return message.t.startsWith("party-");
}

/** What names the owner of a party among a metro's replicas. */
export const partyKey = (code: string) => `party|${code}`;
