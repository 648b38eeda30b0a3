/** One of every message, two where a message has shapes: what `generated/golden.json` pins the bytes of. Never changed, only added to. */
import type { Down } from "./down.ts";
import type { LinkDown, LinkUp } from "./link.ts";
import type { Up } from "./up.ts";
import type { RoundTrip, Seat } from "./words.ts";

const rtt: RoundTrip = { minMs: 12.5, jitterMs: 0.75, loss: 0, samples: 16, verified: true };
const match = "5ZkV0a1b2c3d4e5f";
const nonce = "AAECAwQFBgcICQoLDA0ODw";
const refusal = {
  code: "ROOM_FULL",
  message: "The room has no free seat.",
  retryable: true,
  retryAfterMs: 2_000,
} as const;
const seat: Seat = {
  token: "eyJtZXRybyI6ImZyYSJ9",
  mode: "arena",
  roomId: "fra_7_x2Kd9",
  sessionId: "Zk3vQ0a1b2c3",
  publicAddress: "play.example.com/gs-7",
  secure: true,
  expiresInMs: 10_000,
  generation: 1,
};
const signed = { key: "8k3MfUh7472bdrNu00TWRS6HmpqWcN0n95PNw1eUiro", signature: "c2lnbmF0dXJl" };
const resume = { member: nonce, receipt: "eyJjb2RlIjoiRlJBIn0" };
const partyPlay = { id: "EBESExQVFhcYGRobHB0eHw", mode: "squads" };
const linkHello = { t: "hello", v: 1, name: "edge-1", nonce, signedAtMs: 1_800_000_000_000, ...signed } as const;

export interface Samples {
  readonly up: readonly Up[];
  readonly down: readonly Down[];
  readonly linkUp: readonly LinkUp[];
  readonly linkDown: readonly LinkDown[];
}

export const samples: Samples = {
  up: [
    { t: "hello", v: 1 },
    { t: "hello", v: 1, jwt: "a.b.c", build: "1.4.2", platform: "web" },
    { t: "play", id: "t1", mode: "arena" },
    { t: "play", id: "t1", mode: "arena", options: { skin: "red", level: 3, tags: ["a", null, true, 0.5] } },
    { t: "create", id: "t2", mode: "arena", private: true },
    { t: "join", id: "t3", room: { roomId: "fra_7_x2Kd9" } },
    { t: "join", id: "t3", room: { code: "FRA-7K2M9QXD" }, options: {} },
    { t: "cancel", id: "t1" },
    { t: "echo", nonce },
    { t: "play", id: "t5", mode: "duel", receipt: "eyJwbGF5ZXIiOiJhbGljZSJ9", avoid: ["bob"] },
    { t: "ready", id: "t5", yes: true },
    { t: "party-create", id: "p1" },
    { t: "party-join", id: "p1", code: "FRA-7K2M9QXD", options: { role: "tank" } },
    { t: "party-join", id: "p1", code: "fra 7k2m9qxd", resume },
    { t: "party-ready", id: "p1", yes: true, options: { role: "healer" } },
    { t: "party-play", id: "p1", ticket: "t6", mode: "squads", avoid: ["bob"] },
    { t: "party-leave", id: "p1" },
    { t: "again", id: "t5", refused: true },
    { t: "resume", id: "t7" },
    { t: "join", id: "t8", room: { roomId: "fra_7_x2Kd9" }, watch: true },
    {
      t: "again",
      id: "t9",
      refused: true,
      seat: { match: "m1-7Kd9xQ2b", roomId: "fra_7_x2Kd9", options: { skin: "red" } },
    },
  ],
  down: [
    { t: "welcome", v: 1, playerId: "alice", guest: false, edge: "edge-1", modes: ["arena", "duel"] },
    { t: "probe", nonce },
    { t: "distances", edge: rtt, metros: [{ metro: "fra", rttMs: 13.25 }] },
    { t: "state", id: "t1", state: "placing", metro: "fra", why: ["fra is nearest: 13 ms"] },
    { t: "state", id: "t1", state: "searching", why: [] },
    { t: "seat", id: "t1", metro: "fra", why: ["fra is nearest: 13 ms"], seat: { ...seat, code: "FRA-7K2M9QXD" } },
    { t: "error", id: "t1", requestId: "r1", ...refusal },
    { t: "error", requestId: "r2", ...refusal, code: "INVALID_ATTRIBUTES", issues: ["options.skin: unknown"] },
    {
      t: "state",
      id: "t5",
      state: "waiting",
      why: [],
      players: 31,
      waitMs: 4_200,
      receipt: "eyJwbGF5ZXIiOiJhbGljZSJ9",
    },
    { t: "state", id: "t5", state: "asked", metro: "fra", why: [], askMs: 15_000 },
    { t: "seat", id: "t5", metro: "fra", why: [], seat, match, team: 1 },
    {
      ...{ t: "party", id: "p1", code: "FRA-7K2M9QXD", resume },
      members: [
        { playerId: "alice", ready: true, leader: true },
        { playerId: "bob", ready: false, leader: false },
      ],
    },
    { t: "party-call", id: "p1", ticket: "party_7K2M9QXD", mode: "squads" },
  ],
  linkUp: [
    linkHello,
    { t: "open-session", rid: 1, sid: "s1", jwt: "a.b.c", ageMs: 0 },
    { t: "open-session", rid: 2, sid: "s2", guest: "guest_AbCdEfGh", ageMs: 1_500.5 },
    { t: "close-session", sid: "s1" },
    {
      t: "place",
      rid: 3,
      sid: "s1",
      ticket: "t1",
      target: { kind: "best", mode: "arena" },
      compat: "any",
      options: {},
      rtt,
    },
    {
      ...{ t: "place", rid: 4, sid: "s1", ticket: "t2", compat: "1.4", options: { a: 1 }, rtt },
      target: { kind: "new", mode: "arena", private: true },
    },
    {
      ...{ t: "place", rid: 5, sid: "s1", ticket: "t3", compat: "any", options: {}, rtt },
      target: { kind: "room", roomId: "fra_7_x2Kd9" },
    },
    {
      ...{ t: "place", rid: 6, sid: "s1", ticket: "t4", compat: "any", options: {}, rtt },
      target: { kind: "code", code: "FRA-7K2M9QXD" },
    },
    {
      ...{ t: "place", rid: 10, sid: "s1", ticket: "t5", compat: "any", options: {}, rtt },
      target: { kind: "open", mode: "arena" },
    },
    { t: "give-back", rid: 7, sid: "s1", ticket: "t1" },
    { t: "list-rooms", rid: 8, mode: "arena", after: "fra_7_x2Kd9", limit: 50 },
    { t: "locate", rid: 9, roomId: "fra_7_x2Kd9" },
    { t: "probe", nonce },
    { t: "give-back", rid: 11, sid: "s1", ticket: "t5", of: { match, place: 1 } },
    {
      ...{
        t: "enlist",
        n: 1,
        sid: "s1",
        ticket: "t5",
        mode: "duel",
        compat: "any",
        options: {},
        rtt,
        ageMs: 0,
        avoid: [],
      },
      metros: [{ metro: "fra", rttMs: 13.25 }],
    },
    {
      ...{ t: "enlist", n: 2, sid: "s2", ticket: "t6", mode: "squads", compat: "any", options: { role: "tank" }, rtt },
      ...{ ageMs: 4_000, receipt: "eyJwbGF5ZXIiOiJhbGljZSJ9", avoid: ["bob"], metros: [] },
      party: { key: "p:7K2M9QXD", part: 1, parts: 3 },
      epoch: 7,
    },
    { t: "renew", ns: [1, 2] },
    { t: "withdraw", n: 1 },
    { t: "locked", n: 1, match },
    { t: "gone", n: 1, match },
    { t: "settle", n: 1, sid: "s1", match, options: {}, rtt },
    { t: "settle", n: 2, sid: "s1", match, options: {}, rtt, refusedIn: "fra_7_x2Kd9" },
    {
      ...{ t: "party-attend", n: 1, sid: "s1", code: "FRA-7K2M9QXD", member: nonce, how: "join", order: 0, own: 0 },
      ...{ seen: 0, peers: 0, compat: "any", options: {}, ready: false, resume },
    },
    {
      ...{ t: "party-attend", n: 1, sid: "s1", code: "FRA-7K2M9QXD", member: nonce, how: "stay", order: 1, own: 3 },
      ...{ seen: 812_345, peers: 2, compat: "any", options: { role: "tank" }, ready: true, want: partyPlay },
      play: { ...partyPlay, part: 1, parts: 2, is: "open" },
    },
    { t: "party-renew", members: [{ n: 1, own: 3, seen: 812_345 }] },
    { t: "party-depart", n: 1 },
    { t: "find-seat", rid: 12, sid: "s1", rtt },
    { t: "list-rooms", rid: 14, mode: "duel", limit: 50, watchable: true },
    {
      ...{ t: "place", rid: 15, sid: "s1", ticket: "t8", compat: "any", options: {}, rtt },
      target: { kind: "watch-room", roomId: "fra_7_x2Kd9" },
    },
    {
      ...{ t: "place", rid: 16, sid: "s1", ticket: "t9", compat: "any", options: {}, rtt },
      target: { kind: "watch-code", code: "FRA-7K2M9QXD" },
    },
  ],
  linkDown: [
    { ...linkHello, name: "fra" },
    { t: "session-opened", rid: 1, playerId: "alice", generation: 3 },
    { t: "placed", rid: 3, seat },
    { t: "given-back", rid: 7 },
    {
      t: "rooms",
      rid: 8,
      page: {
        rooms: [{ roomId: "fra_7_x2Kd9", mode: "arena", seats: 8, free: 3, metadata: { map: "dust" } }],
        next: "fra_7_x2Kd9",
      },
    },
    { t: "located", rid: 9, mode: "arena", publicAddress: "play.example.com/gs-7", secure: true },
    { t: "refused", rid: 4, ...refusal },
    { t: "superseded", sid: "s1" },
    { t: "echo", nonce },
    { t: "status", metro: "fra", degraded: false },
    { t: "replicas", replica: "mm-1", epoch: 7, members: ["mm-1", "mm-2"] },
    { t: "enlisted", n: 1, receipt: "eyJwbGF5ZXIiOiJhbGljZSJ9", ageMs: 0, players: 12 },
    { t: "standing", n: 1, players: 31, waitMs: 4_200, why: ["3 tickets are within its 100 rating points"] },
    { t: "unknown", ns: [2] },
    { t: "moved", n: 1, epoch: 8 },
    { t: "propose", n: 1, match, epoch: 7, metro: "fra", lockMs: 1_000 },
    { t: "propose", n: 1, match, epoch: 7, metro: "fra", lockMs: 1_000, askMs: 15_000 },
    { t: "released", n: 1, match },
    { t: "seated", n: 1, match, metro: "fra", place: 1, team: 1, why: ["fra is best for both"], seat },
    { t: "unsettled", n: 1, match, retryInMs: 500 },
    { t: "unlisted", n: 1, ...refusal, code: "POOL_FULL" },
    {
      ...{ t: "party-state", n: 1, rev: 812_345, order: 1, receipt: resume.receipt },
      members: [{ playerId: "alice", ready: true, leader: true }],
      play: { ...partyPlay, part: 0, parts: 1, over: false },
    },
    { t: "party-unknown", ns: [1] },
    { t: "party-refused", n: 1, ...refusal, code: "PARTY_FULL" },
    { t: "party-refused", n: 1, play: partyPlay.id, ...refusal, code: "PARTY_NOT_READY" },
    { t: "found-seat", rid: 12, seat },
    {
      ...{ t: "rooms", rid: 14 },
      page: { rooms: [{ roomId: "fra_7_x2Kd9", mode: "duel", seats: 2, free: 0, metadata: null, watch: 8 }] },
    },
    { t: "found-seat", rid: 13, seat, match, team: 1 },
  ],
};
