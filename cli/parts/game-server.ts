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
    verifyPlayer: await playerTokensOf(settings, limits),
    log,
    observe(event) {
      if (event.kind === "admission") metrics.admissions.inc({ outcome: event.outcome });
      else if (event.kind === "heartbeat") metrics.heartbeats.inc({ reply: event.reply });
      else if (event.kind === "result") metrics.results.inc({ reply: event.reply });
      else if (event.kind === "slow-client") metrics.slowClients.inc({ action: event.action });
      else if (event.kind === "bad-client") metrics.badClients.inc({ code: event.code });
      else if (event.kind === "room-threw") metrics.roomsThrew.inc({ where: event.where });
      else if (event.kind === "stream-pace") metrics.streamPaces.inc({ pace: event.pace });
      else if (event.kind === "stream-restart") metrics.streamRestarts.inc();
      else if (event.kind === "stream-tick") {
        metrics.streamEncodeSeconds.observe(event.encodeMs / 1_000);
        metrics.streamFrames.inc(event.frames);
        metrics.streamBytes.inc(event.bytes);
      } else {
        metrics.tickSeconds.observe(event.tookMs / 1_000);
        metrics.tickLateSeconds.observe(event.lateMs / 1_000);
      }
    },
  });
  metrics.seatsMax.set(settings.seatsMax);
  sampled(() => {
    const { rooms, seated, load } = gameServer.snapshot();
    for (const mode of Object.keys(config.modes)) {
      metrics.rooms.set({ mode }, rooms.filter((room) => room.mode === mode).length);
    }
    metrics.seats.set(seated);
    metrics.load.set(load);
  });
  return gameServer;
}
