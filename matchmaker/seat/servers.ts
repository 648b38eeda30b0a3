/**
 * Which servers seats are made for: those whose registration a fleet key signed. What Redis says of a server is believed
 * only after that check, and remembered by boot, so that it costs one look-up and one signature a boot.
 */
import type { LobbyIndex } from "@frontrow/lobby/lobby.ts";
import { type Registration, verifyRegistration } from "@frontrow/shared/identity/registration.ts";

export type TrustedServer = Registration;

/** A refused server is looked at again after this, so that a mended one needs no restart of ours; ms. */
const DISTRUST_MS = 5_000;
const REMEMBERED_MAX = 4_096;

export interface Servers {
  /** The registration of this boot, or undefined if no listed key signed one. */
  trusted(server: string, boot: string): TrustedServer | undefined | Promise<TrustedServer | undefined>;
  /** Servers refused lately: reservations should avoid them. */
  distrusted(): readonly string[];
}

export interface ServersOptions {
  readonly index: Pick<LobbyIndex, "registration">;
  readonly metro: string;
  /** Fleet public keys; empty (development) believes every registration. */
  readonly fleetKeys: readonly string[];
  readonly nowMs: () => number;
  readonly onDistrust: (server: string) => void;
}

export function createServers({ index, metro, fleetKeys, nowMs, onDistrust }: ServersOptions): Servers {
  const believed = new Map<string, TrustedServer>();
  const refused = new Map<string, number>();

  async function look(server: string, boot: string): Promise<TrustedServer | undefined> {
    const signed = await index.registration(server);
    const registration = signed && verifyRegistration(signed, fleetKeys);
    if (registration?.metro === metro && registration.server === server && registration.boot === boot) {
      if (believed.size >= REMEMBERED_MAX) believed.delete(believed.keys().next().value!);
      believed.set(`${server} ${boot}`, registration);
      return registration;
    }
    if (refused.size < REMEMBERED_MAX) refused.set(server, nowMs() + DISTRUST_MS);
    onDistrust(server);
    return undefined;
  }

  return {
    trusted: (server, boot) => believed.get(`${server} ${boot}`) ?? look(server, boot),
    distrusted() {
      if (refused.size === 0) return [];
      for (const [server, until] of refused) if (until <= nowMs()) refused.delete(server);
      return [...refused.keys()].slice(0, 16);
    },
  };
}
