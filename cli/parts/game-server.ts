/** Builds a game server over a lobby index: its keys from text, its log lines and its counters. */
import { createGameServer } from "@frontrow/game-server/server.ts";
import type { Lobby } from "@frontrow/lobby/lobby.ts";
import { COMPAT_ANY } from "@frontrow/shared/config/modes.ts";
import type { PublicUrl } from "@frontrow/shared/config/setting-shapes.ts";
import { signingKeyFrom } from "@frontrow/shared/identity/signed.ts";
import type { Registry } from "prom-client";
import type { Configuration } from "../config-file.ts";
import type { Logger } from "../log.ts";
import { createGameServerMetrics, sampled } from "../metrics.ts";
import { playerTokensOf } from "../player-tokens.ts";
import { countEvents, showSnapshot } from "./game-server-counts.ts";

export interface GameServerIdentity {
  readonly metro: string;
  readonly server: string;
  /** Undefined: players dial the host that they came by. */
  readonly publicUrl: PublicUrl | undefined;
  /** Ed25519 private half that signs the registration. */
  readonly fleetKey: string | undefined;
  /** X25519 public halves of the metro's issuers. */
  readonly issuerKeys: readonly string[];
}

export async function buildGameServer(
  identity: GameServerIdentity,
  { settings, config, limits }: Configuration<"game-server"> | Configuration<"dev">,
  lobby: Lobby,
  log: Logger,
  registry: Registry,
) {
  const metrics = createGameServerMetrics(registry);
  const gameServer = await createGameServer({
    metro: identity.metro,
    server: identity.server,
    limits,
    modes: config.modes,
    compats: [...new Set(config.compat?.map(({ compat }) => compat) ?? [COMPAT_ANY])],
    rooms: config.rooms,
    leases: lobby.leases,
    issuerKeys: identity.issuerKeys,
    fleetKey: identity.fleetKey ? signingKeyFrom(identity.fleetKey) : undefined,
    publicAddress: identity.publicUrl?.publicAddress ?? "",
    secure: identity.publicUrl?.secure ?? false,
    seatsMax: settings.seatsMax,
    drainMs: settings.drainMs,
    verifyPlayer: await playerTokensOf(settings, limits),
    log,
    observe: countEvents(metrics),
  });
  metrics.seatsMax.set(settings.seatsMax);
  sampled(() => showSnapshot(metrics, gameServer.snapshot(), Object.keys(config.modes)));
  return gameServer;
}
