/** What a game server needs from the process around it, and what it gives back. */
import type { HttpRoute, SocketRoute } from "@frontrow/listener/listener.ts";
import type { ServerLeases } from "@frontrow/lobby/lobby.ts";
import type { Mode } from "@frontrow/shared/config/modes.ts";
import type { SigningKey } from "@frontrow/shared/identity/signed.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import type { VerifyPlayer } from "./admission/players.ts";
import type { Log, Observe } from "./observe.ts";
import type { OnFinish } from "./rooms/finish.ts";
import type { RoomState } from "./rooms/room-state.ts";
import type { OverloadLevel } from "./tick/overload.ts";

export interface GameServerOptions {
  readonly metro: string;
  /** Unique in the metro. */
  readonly server: string;
  /** Random at each start of the process. */
  readonly boot?: string | undefined;
  readonly limits: Limits;
  readonly modes: Readonly<Record<string, Mode>>;
  /** Compats whose builds this server runs. */
  readonly compats: readonly string[];
  /** Loads the room classes; see rooms-loader.ts. */
  readonly rooms: () => Promise<unknown>;
  readonly leases: ServerLeases;
  /** X25519 public keys of the metro's issuers: two while one replaces the other. */
  readonly issuerKeys: readonly string[];
  /** Signs the registration; nothing is signed without (development). */
  readonly fleetKey?: SigningKey | undefined;
  /** Host, port and path prefix that players dial; empty: the host that they came by. */
  readonly publicAddress: string;
  readonly secure: boolean;
  /** Seats at which the server is full. */
  readonly seatsMax: number;
  /** How long players may play on once the server is told to leave; ms, 0 unless given. */
  readonly drainMs?: number | undefined;
  /** "open" takes players of stock Colyseus matchmaking as well, for development; see admission/open.ts. */
  readonly admission?: "seats" | "open" | undefined;
  /** Where given, a JWT presented with a seat must be the same player's. */
  readonly verifyPlayer?: VerifyPlayer | undefined;
  /** Told once a match. */
  readonly onFinish?: OnFinish | undefined;
  readonly log: Log;
  readonly observe?: Observe | undefined;
}

export interface GameServer {
  /** `/{seat token}/{roomId}` and `/` (the latency check of Colyseus SDKs), under the public address's path too. */
  // biome-ignore lint/suspicious/noExplicitAny: routes of different data types share a list
  readonly socketRoutes: readonly SocketRoute<any>[];
  readonly httpRoutes: readonly HttpRoute[];
  readonly boot: string;
  /** To be called once players can reach the routes. Rejects if the rooms cannot be loaded or a mode has none. */
  start(): Promise<void>;
  /**
   * No new reservations; earlier seats are honoured and rooms go on, for `drainMs`. Then every room is ended: its sockets close with
   * SERVER_LEFT, and whoever comes is told DRAINING. Resolves when the index has heard.
   */
  drain(): Promise<void>;
  /** Whoever is waited for by `drain` or `stop` is not any longer. */
  cut(): void;
  /** Drains to its end, and stops. */
  stop(): Promise<void>;
  snapshot(): GameServerSnapshot;
}

export interface GameServerSnapshot {
  /** The lobby index answered within the last lease. */
  readonly isLeased: boolean;
  readonly isDraining: boolean;
  /** A newer process has this server id: this one is not offered any more. */
  readonly isSuperseded: boolean;
  readonly rooms: ReadonlyArray<{ readonly roomId: string; readonly mode: string; readonly seated: number }>;
  readonly roomsByState: Readonly<Record<RoomState, number>>;
  /** Places taken, those kept for dropped players included. */
  readonly seated: number;
  readonly seatsMax: number;
  /** As the last heartbeat told it: 0 idle to 1 at its ceiling. */
  readonly load: number;
  /** What ticks took of their room's period over the last ten heartbeats; 1 is all of it. */
  readonly tick: { readonly p50: number; readonly p99: number };
  /** Steps of the overload ladder that are taken; tick/overload.ts. */
  readonly overloadLevel: OverloadLevel;
}
