/**
 * What the scripts answer, as words. Replies are parsed like any other input: a Redis that somebody else wrote to, or that
 * runs another version's scripts, ends in INDEX_AWAY and never in a seat that is not one.
 */
import { FrontrowError } from "@frontrow/shared/errors.ts";
import type { SignedRegistration } from "@frontrow/shared/identity/registration.ts";
import { parseRoomId } from "@frontrow/shared/metro.ts";
import type { RoomPage } from "@frontrow/shared/protocol/words.ts";
import * as z from "zod";
import type {
  HeartbeatReply,
  LocatedRoom,
  PendingReport,
  Playing,
  ReplaceReply,
  ReplicaSet,
  ReportReply,
  Reserved,
  ReserveReply,
  ServerStatus,
  Settlement,
  SittingReply,
  WantedRoom,
  WatchReply,
} from "../lobby.ts";
import { roomEntry } from "../room-entry.ts";

const word = z.string().min(1).max(256);
const count = z.int().nonnegative();
const flag = z.union([z.literal(0), z.literal(1)]);

const RoomTold = z.tuple([word, word, word, word, count, flag, z.string()]);
const ReservedAt = z.tuple([z.literal("RESERVED"), z.int().positive(), z.int().positive(), flag]);
const Refused = z.union([
  z.tuple([
    z.enum(["NO_SERVER", "ROOM_GONE", "ROOM_FULL", "ROOM_LOCKED", "CODE_UNKNOWN", "CODE_TAKEN", "EXPIRED", "ABORTED"]),
  ]),
  z.tuple([z.literal("PAUSED"), word]),
]);
const SeatedElsewhere = z.tuple([z.literal("SEATED"), word], word);
const Settled = z.tuple([z.literal("RESERVED"), z.int().positive(), z.int().positive(), flag, z.string()]);
const Unsettled = z.union([z.tuple([z.literal("ABORTED")]), z.tuple([z.literal("WAIT"), z.int().positive()])]);
const because = z.enum(["CUT", "REFUSED"]);
/** The end of a RESERVED that says where a match is that was placed again. */
const Moved = z.union([because, z.literal("").transform(() => undefined)]);
const Unmoved = z.union([
  z.tuple([z.enum(["UNREFUSED", "SEATED", "GONE", "NO_SERVER", "CODE_TAKEN"])]),
  z.tuple([z.literal("ABORTED"), word, because]),
  z.tuple([z.literal("PAUSED"), word]),
]);
const Failed = z.tuple([z.literal("FAILED"), z.string()]);
const Reservations = z.tuple([z.number(), z.array(z.unknown())], z.unknown());
const Released = z.array(z.enum(["RELEASED", "SEATED", "GONE", "FAILED"]));
const Beat = z.union([
  z.tuple([z.literal("ALIVE"), z.number(), z.int().min(-1), flag], word),
  z.tuple([z.enum(["UNKNOWN_SERVER", "STALE"]), z.number()]),
]);
const Registered = z.tuple([z.literal("REGISTERED"), z.number()]);
const Drained = z.enum(["DRAINING", "STALE"]);
const Looked = z.union([
  z.tuple([z.literal("SERVER"), word, flag, flag, flag, z.int().min(-1), count, count, z.int()]),
  z.tuple([z.literal("GONE")]),
]);
const Signed = z.union([
  z.tuple([z.literal("REGISTRATION"), z.string(), z.string(), z.string()]),
  z.tuple([z.literal("GONE")]),
]);
const Located = z.union([z.tuple([z.literal("ROOM"), word, word]), z.tuple([z.literal("GONE")])]);
const Sits = z.union([
  z.tuple([
    z.literal("SITS"),
    z.number(),
    word,
    count,
    z.string().regex(/^\d*$/),
    word,
    word,
    word,
    z.int().positive(),
    flag,
    count,
    flag,
    z.string(),
  ]),
  z.tuple([z.literal("WAIT"), z.int().positive()]),
  z.tuple([z.literal("GONE")]),
]);
const Plays = z.array(z.tuple([word, count]));
const Watched = z.union([
  z.tuple([z.literal("WATCH"), z.number(), word, word, word, count, flag, z.string()]),
  z.tuple([z.enum(["ROOM_GONE", "CODE_UNKNOWN", "UNWATCHED", "FULL"])]),
]);
const Listed = z.tuple([z.string()], z.tuple([word, count, z.int(), z.int(), z.string(), z.int().min(-1)]));
const Wanting = z.array(z.tuple([word, word, z.string().regex(/^\d+(,\d+)*$/), z.int(), count, count, z.string()]));
const Replicas = z.tuple([z.literal("REPLICAS"), z.number(), count], word);
const Reported = z.union([z.tuple([z.enum(["KEPT", "REPEATED"])]), z.tuple([z.literal("DROPPED"), count])]);
const Taken = z.array(z.tuple([word, z.string()]));
const MatchReport = z.object({
  match: word,
  roomId: z.string(),
  mode: z.string(),
  ranks: z.record(z.string(), z.number()).optional(),
  left: z.array(z.string()),
  players: z.array(z.object({ playerId: z.string(), team: z.int() })),
});
const Done = z.literal("DONE");
const Pause = z.enum(["PAUSED", "OPEN"]);
const Observed = z.tuple([z.literal("OBSERVED"), z.number(), count]);
const Claimed = z.tuple([z.enum(["CLAIMED", "SUPERSEDED"]), z.int().positive()]);
const Ended = z.enum(["ENDED", "SUPERSEDED"]);
const Loser = z.object({ player: z.string(), owner: z.string() });

const NOT_OURS = "It gave an answer that is not one of ours.";

function parsed<S extends z.ZodType>(schema: S, reply: unknown): z.infer<S> {
  const { success, data, error } = schema.safeParse(reply);
  if (success) return data;
  throw Object.assign(new FrontrowError("INDEX_AWAY", NOT_OURS), { cause: error });
}

/** One reply for each of the `asked` reservations: what became of it, or the error that is its own. */
export function parseReservations(reply: unknown, asked: number): (ReserveReply | FrontrowError)[] {
  const [nowMs, told, ...replies] = parsed(Reservations, reply);
  if (replies.length !== asked) throw new FrontrowError("INDEX_AWAY", NOT_OURS);
  const rooms = told.map(parseRoom);
  return replies.map((one) => parseReservation(one, rooms, nowMs));
}

type ReservedRoom = Pick<Reserved, "roomId" | "server" | "boot" | "mode" | "capacity" | "private" | "code">;

function parseRoom(told: unknown): ReservedRoom | undefined {
  const { data } = RoomTold.safeParse(told);
  if (!data) return undefined;
  const [roomId, server, boot, mode, capacity, hidden, code] = data;
  if (parseRoomId(roomId)?.server !== server) return undefined;
  return { roomId, server, boot, mode, capacity, private: hidden === 1, code };
}

function parseReservation(
  reply: unknown,
  rooms: readonly (ReservedRoom | undefined)[],
  nowMs: number,
): ReserveReply | FrontrowError {
  const reserved = ReservedAt.safeParse(reply);
  if (reserved.success) return reservedOf(reserved.data, rooms, nowMs);
  const refused = Refused.safeParse(reply);
  if (!refused.success) {
    const seated = SeatedElsewhere.safeParse(reply);
    return seated.success ? { kind: "SEATED", players: seated.data.slice(1) } : failed(reply, refused.error);
  }
  const [kind, pause] = refused.data;
  return kind === "PAUSED" ? { kind, flag: pause } : { kind };
}

function reservedOf(
  [kind, at, generation, fresh]: z.infer<typeof ReservedAt>,
  rooms: readonly (ReservedRoom | undefined)[],
  nowMs: number,
): Reserved | FrontrowError {
  const room = rooms[at - 1];
  return room ? { kind, ...room, generation, fresh: fresh === 1, nowMs } : new FrontrowError("INDEX_AWAY", NOT_OURS);
}

function failed(reply: unknown, error: unknown): FrontrowError {
  const cause = Failed.safeParse(reply).data?.[1] ?? error;
  return Object.assign(new FrontrowError("INDEX_AWAY", NOT_OURS), { cause });
}

/** One answer for each of the `asked` matches, or the error that is its own. */
export function parseSettlements(reply: unknown, asked: number): (Settlement | FrontrowError)[] {
  const [nowMs, told, ...replies] = parsed(Reservations, reply);
  if (replies.length !== asked) throw new FrontrowError("INDEX_AWAY", NOT_OURS);
  const rooms = told.map(parseRoom);
  return replies.map((one) => parseSettlement(one, rooms, nowMs));
}

function parseSettlement(
  reply: unknown,
  rooms: readonly (ReservedRoom | undefined)[],
  nowMs: number,
): Settlement | FrontrowError {
  const settled = parseReservedWithRoster(reply, rooms, nowMs);
  if (settled) return settled;
  const unsettled = Unsettled.safeParse(reply);
  if (!unsettled.success) return failed(reply, unsettled.error);
  const [kind, retryInMs] = unsettled.data;
  return kind === "WAIT" ? { kind, retryInMs } : { kind };
}

function parseReservedWithRoster(
  reply: unknown,
  rooms: readonly (ReservedRoom | undefined)[],
  nowMs: number,
): (Reserved & { roster: string }) | FrontrowError | undefined {
  const settled = Settled.safeParse(reply);
  if (!settled.success) return undefined;
  const [kind, at, generation, fresh, roster] = settled.data;
  const reserved = reservedOf([kind, at, generation, fresh], rooms, nowMs);
  return reserved instanceof FrontrowError ? reserved : { ...reserved, roster };
}

/** Of a match that asked to be placed again. */
export function parseReplaced(reply: unknown): ReplaceReply {
  const [nowMs, told, one] = parsed(Reservations, reply);
  const isMoved = Array.isArray(one) && one[0] === "RESERVED";
  const settled = isMoved ? parseReservedWithRoster(one.slice(0, -1), told.map(parseRoom), nowMs) : undefined;
  if (settled instanceof FrontrowError) throw settled;
  if (settled) return { ...settled, why: parsed(Moved, (one as unknown[]).at(-1)) };
  const unmoved = parsed(Unmoved, one);
  if (unmoved[0] === "ABORTED") return { kind: "ABORTED", mode: unmoved[1], why: unmoved[2] };
  return unmoved[0] === "PAUSED" ? { kind: "PAUSED", flag: unmoved[1] } : { kind: unmoved[0] };
}

/** One word for each of the `asked` tickets, or the error that is its own. */
export function parseReleased(reply: unknown, asked: number): ("RELEASED" | "SEATED" | "GONE" | FrontrowError)[] {
  const words = parsed(Released, reply);
  if (words.length !== asked) throw new FrontrowError("INDEX_AWAY", NOT_OURS);
  return words.map((word) => (word === "FAILED" ? new FrontrowError("INDEX_AWAY", NOT_OURS) : word));
}

export function parseHeartbeat(reply: unknown): HeartbeatReply {
  const [kind, nowMs, republishInMs, draining, ...retired] = parsed(Beat, reply);
  if (kind !== "ALIVE") return { kind, nowMs };
  return { kind, nowMs, republishInMs: republishInMs!, draining: draining === 1, retired };
}

export const parseRegistered = (reply: unknown) => ({ nowMs: parsed(Registered, reply)[1] });
export const parseDrained = (reply: unknown) => parsed(Drained, reply);

export function parseLooked(reply: unknown): ServerStatus | undefined {
  const said = parsed(Looked, reply);
  if (said[0] === "GONE") return undefined;
  const [, boot, live, draining, closed, leavesInMs, rooms, seated, held] = said;
  return {
    ...{ boot, live: live === 1, draining: draining === 1, closed: closed === 1, rooms, seated },
    leavesInMs: leavesInMs < 0 ? undefined : leavesInMs,
    held: Math.max(0, held),
  };
}

export function parseRegistration(reply: unknown): SignedRegistration | undefined {
  const [kind, text, key, signature] = parsed(Signed, reply);
  return kind === "GONE" ? undefined : { text: text!, key: key!, signature: signature! };
}

export function parseLocated(reply: unknown, roomId: string): LocatedRoom | undefined {
  const [kind, mode, boot] = parsed(Located, reply);
  const server = parseRoomId(roomId)?.server;
  return kind === "GONE" || !server ? undefined : { mode: mode!, boot: boot!, server };
}

export function parseSitting(reply: unknown): SittingReply {
  const told = parsed(Sits, reply);
  if (told[0] === "GONE") return { kind: "GONE" };
  if (told[0] === "WAIT") return { kind: "WAIT", retryInMs: told[1] };
  const [kind, nowMs, ticket, seat, team, ...inRoom] = told;
  const [roomId, boot, mode, generation, fresh, capacity, hidden, code] = inRoom;
  const server = parseRoomId(roomId)?.server;
  if (server === undefined) throw new FrontrowError("INDEX_AWAY", NOT_OURS);
  const room = { roomId, server, boot, mode, capacity, private: hidden === 1, code };
  return {
    kind,
    ...room,
    nowMs,
    ticket,
    seat,
    team: team === "" ? undefined : Number(team),
    generation,
    fresh: fresh === 1,
  };
}

export const parsePlaying = (reply: unknown): Playing[] =>
  parsed(Plays, reply).map(([player, seq]) => ({ player, seq }));

export function parseWatched(reply: unknown): WatchReply {
  const told = parsed(Watched, reply);
  if (told.length === 1) return { kind: told[0] };
  const [kind, nowMs, roomId, boot, mode, capacity, hidden, code] = told;
  const server = parseRoomId(roomId)?.server;
  if (server === undefined) throw new FrontrowError("INDEX_AWAY", NOT_OURS);
  return { kind, roomId, server, boot, mode, capacity, private: hidden === 1, code, nowMs };
}

export function parseListed(reply: unknown, mode: string): RoomPage {
  const [next, ...listed] = parsed(Listed, reply);
  const rooms = listed.map(([roomId, capacity, seated, held, metadata, watch]) =>
    roomEntry({ roomId, mode, capacity, seated, held, metadata, watch: watch < 0 ? undefined : watch }),
  );
  return next === "" ? { rooms } : { rooms, next };
}

export function parseWanted(reply: unknown): WantedRoom[] {
  return parsed(Wanting, reply).map(([roomId, compat, wanted, seated, held, capacity, company]) => {
    return { roomId, compat, wanted: wanted.split(",").map(Number), seated, held, capacity, company };
  });
}

export function parseReplicas(reply: unknown): ReplicaSet {
  const [, nowMs, epoch, ...members] = parsed(Replicas, reply);
  return { epoch, members: members.sort(), nowMs };
}

export function parseReported(reply: unknown): ReportReply {
  const [kind, dropped] = parsed(Reported, reply);
  return kind === "DROPPED" ? { kind, dropped } : { kind };
}

/** Pending results, and the ids of those that nobody can read: to be done with, for they would come again and again. */
export function parseTaken(reply: unknown): { reports: PendingReport[]; unreadable: string[] } {
  const reports: PendingReport[] = [];
  const unreadable: string[] = [];
  for (const [id, text] of parsed(Taken, reply)) {
    const report = parseReport(text);
    if (report?.match === id) reports.push({ id, report });
    else unreadable.push(id);
  }
  return { reports, unreadable };
}

function parseReport(text: string): PendingReport["report"] | undefined {
  try {
    const { ranks, ...report } = MatchReport.parse(JSON.parse(text));
    return { ...report, ranks };
  } catch {
    return undefined;
  }
}

export const parseDone = (reply: unknown) => parsed(Done, reply);
export const parsePause = (reply: unknown) => parsed(Pause, reply);
export const parseObserved = (reply: unknown) => parsed(Observed, reply);
export function parseClaimed(reply: unknown): { generation: number; isNewest: boolean } {
  const [word, generation] = parsed(Claimed, reply);
  return { generation, isNewest: word === "CLAIMED" };
}
export const parseEnded = (reply: unknown) => parsed(Ended, reply);

/** A message of the `superseded` channel; undefined for anything else that somebody published there. */
export function parseLoser(message: string): { player: string; owner: string } | undefined {
  try {
    return Loser.safeParse(JSON.parse(message)).data;
  } catch {
    return undefined;
  }
}
