/** What a game server tells the process around it: log lines and events to count. */
import type { ErrorCode } from "@frontrow/shared/errors.ts";
import type { FanOutEvent } from "./hot/fan-out.ts";
import type { OverloadStep } from "./tick/overload.ts";

/** The part of a pino logger that is used here. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export type GameServerEvent =
  | FanOutEvent
  /** A socket that asked for a place: what became of it. */
  | { readonly kind: "admission"; readonly outcome: "sat" | "took-over" | "reconnected" | "gone" | ErrorCode }
  /** One room's turn: how late it began, and how long it took. */
  | { readonly kind: "turn"; readonly lateMs: number; readonly tookMs: number }
  /** A room was ended with players in it, because the server leaves. */
  | { readonly kind: "cut"; readonly mode: string; readonly players: number }
  /** Room code threw, or its promise rejected, where nobody in the room caught it. */
  | { readonly kind: "room-threw"; readonly where: string; readonly mode: string }
  /** A room's turn took longer than its period. */
  | { readonly kind: "overrun"; readonly mode: string }
  /** Ticks do not fit into their time any more, and something is given up; or it is taken back. */
  | { readonly kind: "overload"; readonly step: OverloadStep; readonly isTaken: boolean }
  /** A client that does not read: bytes wait, or it was closed for it. */
  | { readonly kind: "slow-client"; readonly action: "queued" | "closed" }
  /** A client that was closed for what it sent. */
  | { readonly kind: "bad-client"; readonly code: ErrorCode }
  /** A match's result on its way to the index; LOST was given up. */
  | { readonly kind: "result"; readonly reply: "KEPT" | "REPEATED" | "DROPPED" | "AWAY" | "LOST" }
  | { readonly kind: "heartbeat"; readonly reply: "ALIVE" | "UNKNOWN_SERVER" | "STALE" | "AWAY" };

export type Observe = (event: GameServerEvent) => void;
