/** What a client is asked with, and what it answers. */
import type { Room } from "@colyseus/sdk";
import type { ModeNames, OptionsOf, StateOf } from "@frontrow/shared/config/modes.ts";
import type { Down } from "@frontrow/shared/protocol/down.ts";
import type { PartyMember as Member } from "@frontrow/shared/protocol/party-link.ts";
import type { SeatStorage } from "./kept-seat.ts";
import type { Failure, TicketState } from "./ticket.ts";

export interface ClientOptions {
  /** The edge, such as `http://localhost:2567` or `https://play.example.com`. */
  readonly url: string;
  /** The player's signed token, or how to get a fresh one; without it the player is a guest. */
  readonly jwt?: string | (() => string | Promise<string>);
  /** What decides, by the server's compat table, who may play together. */
  readonly build?: string;
  readonly platform?: string;
  /** `json` speaks the same messages as text. */
  readonly wire?: "msgpack" | "json";
  /** For runtimes without a global WebSocket. */
  readonly WebSocket?: typeof WebSocket;
  /** Where `resume` finds, after a reload, what the seat needs; the page's `sessionStorage` unless given, or memory. */
  readonly storage?: SeatStorage;
}

export interface PlayOptions<Options = Record<string, unknown>, State = unknown> {
  /** Checked by the mode's own schema; the room's `onJoin` gets them. At most 512 bytes as JSON. */
  readonly options?: Options;
  /** Aborting cancels the ticket, and gives its seat back if nobody sits in it yet. */
  readonly signal?: AbortSignal;
  readonly onState?: (state: TicketState) => void;
  /**
   * Its server had to leave before the room was over (close code SERVER_LEFT), and the player is in another one: the players of a match
   * together, others by the same wish; or why not. Without it nothing is asked for: `room.onLeave` tells the close code, which `whyLeft`
   * explains, and `resume()` asks for the match by hand.
   */
  readonly onMoved?: (moved: PlayResult<State>) => void;
}

/** `options`: of what is asked for when the server leaves and the match is not to be any more, where the page does not have them. */
export type ResumeOptions<Options = Record<string, unknown>, State = unknown> = Pick<
  PlayOptions<Options, State>,
  "signal" | "onMoved" | "options"
>;

/** A seat taken: the joined room, and how the player came there. */
export interface Played<State> {
  readonly ok: true;
  // biome-ignore lint/suspicious/noExplicitAny: the SDK's own default for a room type it does not know
  readonly room: Room<any, State>;
  readonly mode: string;
  readonly roomId: string;
  readonly playerId: string;
  readonly metro: string;
  /** Why this metro, sentence by sentence. */
  readonly why: readonly string[];
  /** Of a private room: what a friend types into `join`. */
  readonly code?: string | undefined;
  /** In a match mode: the match, and the player's team from 0. */
  readonly match?: string | undefined;
  readonly team?: number | undefined;
}
export type PlayResult<State = unknown> = Played<State> | Failure;

export type Distances = Omit<Extract<Down, { t: "distances" }>, "t">;

export interface PartyMember extends Member {
  /** This client's own player. */
  readonly me: boolean;
}

/** The leader plays, and this member with him. */
export interface PartyCallOf<State, Mode extends string = string> {
  readonly mode: Mode;
  /** The member's own seat, or why there is none. */
  readonly played: Promise<PlayResult<State>>;
  /** How it is on its way, the last news at once; in a ready check the state has the answer to give. */
  onState(told: (state: TicketState) => void): void;
  /** As `PlayOptions.onMoved`. */
  onMoved(told: (moved: PlayResult<State>) => void): void;
  /** Ends it for everybody of the party, and this member is not ready any more. */
  cancel(): void;
}
export type PartyCall<C> = { [N in ModeNames<C>]: PartyCallOf<StateOf<C, N>, N> }[ModeNames<C>];

export interface PartyInit<C> {
  /** What this member brings to whatever is played, in the shape of the modes' options. At most 512 bytes as JSON. */
  readonly options?: OptionsOf<C, ModeNames<C>>;
}

export interface Party<C = unknown> {
  readonly ok: true;
  /** What friends type into `joinParty`. */
  readonly code: string;
  /** The leader first. */
  readonly members: readonly PartyMember[];
  /** Set once this client is not in it any more: it left, was closed, or could not come back. */
  readonly over: Failure | undefined;
  /** Why the edge did not take the last `ready`: its options. */
  readonly refused: Failure | undefined;
  /** Members came, went, agreed or not; a word was refused; or it is over. */
  onChange(told: (party: Party<C>) => void): void;
  /** For members: the leader plays. Where nobody listens, the client declines. */
  onPlay(told: (call: PartyCall<C>) => void): void;
  /** Agrees to the leader's next play, or takes it back; a seat uses it up. */
  ready(yes?: boolean, init?: PartyInit<C>): void;
  /** The leader's: a match for everybody, once all are ready. Never rejects. */
  play<N extends ModeNames<C>>(mode: N, init?: PartyPlayOptions<C, N>): Promise<PlayResult<StateOf<C, N>>>;
  leave(): void;
}
export type PartyPlayOptions<C, N extends ModeNames<C>> = PlayOptions<OptionsOf<C, N>, StateOf<C, N>> & {
  /** Player ids not to be met. */
  readonly avoid?: readonly string[];
};
