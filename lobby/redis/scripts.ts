/**
 * The TypeScript end of each script's contract: its file, its keys in order, and its arguments in order. A test holds it
 * against the headers of the Lua files. `rest` names a list that follows the fixed arguments.
 */
import type { Limits } from "@frontrow/shared/limits.ts";
import type { KeyName } from "./keys.ts";

interface Binding {
  readonly file: string;
  readonly keys: readonly KeyName[];
  /** Limits that the script is called with, before the call's own arguments. */
  readonly limits: readonly (keyof typeof limitArgs)[];
  readonly args: readonly string[];
  readonly rest?: readonly string[];
}

/** Limits as the scripts call them. */
export const limitArgs = {
  lease_ms: "leaseMs",
  heartbeat_ms: "heartbeatMs",
  hold_ms: "seatHoldMs",
  forgotten_ms: "roomForgottenMs",
  session_forgotten_ms: "sessionForgottenMs",
  probes: "sweepPerCall",
  failing_ms: "failingServerMs",
  failing_placements: "failingPlacementsMax",
  report_kept_ms: "reportKeptMs",
  report_retry_ms: "reportRetryMs",
  reports_max: "reportsMax",
} as const satisfies Record<string, keyof Limits>;

export const scripts = {
  reserveSeats: {
    file: "reserve-seats",
    keys: [
      "meta",
      "holds",
      "hold:",
      "room:",
      "open:",
      "load:",
      "listed:",
      "wanted:",
      "code:",
      "server:",
      "server-rooms:",
      "aborted:",
      "playing:",
    ],
    limits: ["lease_ms", "heartbeat_ms", "hold_ms", "forgotten_ms", "probes", "failing_ms", "failing_placements"],
    args: ["metro"],
    rest: ["ticket", "wish", "fresh"],
  },
  releaseHolds: {
    file: "release-holds",
    keys: ["meta", "holds", "hold:", "room:", "open:", "listed:", "wanted:", "code:", "server:", "server-rooms:"],
    limits: ["lease_ms", "heartbeat_ms"],
    args: [],
    rest: ["ticket", "seats"],
  },
  settleMatch: {
    file: "settle-match",
    keys: [
      "meta",
      "holds",
      "hold:",
      "room:",
      "open:",
      "listed:",
      "wanted:",
      "code:",
      "server:",
      "server-rooms:",
      "aborted:",
    ],
    limits: ["lease_ms", "heartbeat_ms", "hold_ms", "forgotten_ms", "probes"],
    args: ["tombstone_holds"],
    rest: ["match"],
  },
  replaceMatch: {
    file: "replace-match",
    keys: [
      "meta",
      "holds",
      "hold:",
      "room:",
      "open:",
      "load:",
      "listed:",
      "wanted:",
      "code:",
      "server:",
      "server-rooms:",
      "aborted:",
    ],
    limits: ["lease_ms", "heartbeat_ms", "hold_ms", "forgotten_ms", "probes", "failing_ms", "failing_placements"],
    args: ["metro", "replacements_max", "tombstone_holds", "match", "refused_in", "suffix", "avoid"],
  },
  heartbeat: {
    file: "heartbeat",
    keys: [
      "meta",
      "holds",
      "hold:",
      "room:",
      "open:",
      "load:",
      "listed:",
      "wanted:",
      "code:",
      "server:",
      "server-rooms:",
      "sitter:",
      "watchable:",
      "playing:",
    ],
    limits: ["lease_ms", "heartbeat_ms", "hold_ms", "forgotten_ms", "probes", "failing_ms"],
    args: ["server", "boot", "seq", "beat"],
  },
  registerServer: {
    file: "register-server",
    keys: ["meta", "room:", "open:", "load:", "listed:", "wanted:", "code:", "server:", "server-rooms:"],
    limits: ["lease_ms", "heartbeat_ms", "forgotten_ms"],
    args: ["server", "boot", "registration", "key", "signature", "pairs", "seats_max"],
  },
  drainServer: {
    file: "drain-server",
    keys: ["meta", "room:", "open:", "load:", "listed:", "wanted:", "server:", "server-rooms:"],
    limits: ["lease_ms", "heartbeat_ms"],
    args: ["server", "boot"],
  },
  lookServer: {
    file: "look-server",
    keys: ["meta", "room:", "server:", "server-rooms:"],
    limits: ["lease_ms"],
    args: ["server"],
  },
  readRegistration: { file: "read-registration", keys: ["server:"], limits: [], args: ["server"] },
  seatOfPlayer: {
    file: "seat-of-player",
    keys: ["meta", "hold:", "room:", "server:", "sitter:"],
    limits: ["lease_ms", "heartbeat_ms", "hold_ms"],
    args: ["player"],
  },
  whoPlays: {
    file: "who-plays",
    keys: ["meta", "hold:", "room:", "server:", "playing:"],
    limits: ["lease_ms"],
    args: [],
    rest: ["player"],
  },
  locateRoom: { file: "locate-room", keys: ["room:"], limits: [], args: ["room"] },
  listRooms: {
    file: "list-rooms",
    keys: ["meta", "listed:", "watchable:", "room:", "server:"],
    limits: ["lease_ms", "probes"],
    args: ["mode", "after", "limit", "which"],
  },
  watchRoom: {
    file: "watch-room",
    keys: ["meta", "room:", "code:", "server:"],
    limits: ["lease_ms"],
    args: ["by", "named", "compat"],
  },
  listWanted: {
    file: "list-wanted",
    keys: ["meta", "wanted:", "room:", "server:"],
    limits: ["lease_ms", "probes"],
    args: ["mode", "limit"],
  },
  reportMatch: {
    file: "report-match",
    keys: ["meta", "reports", "report:", "room:"],
    limits: ["lease_ms", "heartbeat_ms", "report_kept_ms", "reports_max"],
    args: ["match", "room", "report"],
  },
  takeReports: {
    file: "take-reports",
    keys: ["meta", "reports", "report:"],
    limits: ["lease_ms", "heartbeat_ms", "report_retry_ms"],
    args: ["max"],
  },
  doneReports: {
    file: "done-reports",
    keys: ["reports", "report:"],
    limits: ["report_kept_ms"],
    args: [],
    rest: ["match"],
  },
  claimReplica: {
    file: "claim-replica",
    keys: ["meta", "replicas"],
    limits: ["lease_ms", "heartbeat_ms", "forgotten_ms"],
    args: ["replicas_max", "replica", "seen_epoch", "leave"],
  },
  setPause: { file: "set-pause", keys: ["meta"], limits: [], args: ["flag", "paused"] },
  readPause: { file: "read-pause", keys: ["meta"], limits: [], args: ["flag"] },
  observeStore: { file: "observe-store", keys: ["meta"], limits: ["lease_ms", "heartbeat_ms"], args: [] },
  claimSession: {
    file: "claim-session",
    keys: ["session:", "superseded"],
    limits: ["session_forgotten_ms"],
    args: ["player", "owner", "age_ms"],
  },
  endSession: { file: "end-session", keys: ["session:"], limits: [], args: ["player", "owner"] },
} as const satisfies Record<string, Binding>;

export type ScriptName = keyof typeof scripts;
export const scriptNames = Object.keys(scripts) as ScriptName[];
