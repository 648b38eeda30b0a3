/**
 * A game server's registration: who it is, where it is and which key its seats are made for, signed once a boot by a fleet
 * key, so that writing to Redis does not make a server. The signed text is stored as it is and parsed only after the check.
 */
import * as z from "zod";
import { METRO, SERVER_ID } from "../metro.ts";
import { type SigningKey, verifySigned } from "./signed.ts";

const PURPOSE = "frontrow-server-v1";

export const Registration = z.object({
  metro: z.string().regex(METRO),
  server: z.string().regex(SERVER_ID),
  boot: z.string().min(1).max(32),
  /** Host, port and path prefix that players dial, without a scheme. Empty: the host that they came by (development). */
  publicAddress: z.string().max(256),
  secure: z.boolean(),
  /** X25519 public key of this boot, base64url. */
  seatKey: z.string().max(64),
});
export type Registration = z.infer<typeof Registration>;

export interface SignedRegistration {
  /** JSON of the Registration, exactly as signed. */
  readonly text: string;
  /** Fleet key, base64url; empty where nothing is signed (development). */
  readonly key: string;
  readonly signature: string;
}

export function signRegistration(registration: Registration, fleetKey: SigningKey | undefined): SignedRegistration {
  const text = JSON.stringify(registration);
  return { text, key: fleetKey?.publicKey ?? "", signature: fleetKey?.sign(`${PURPOSE}\n${text}`) ?? "" };
}

/** The registration if a listed fleet key signed it. With no listed keys (development) any well-formed one is believed. */
export function verifyRegistration(signed: SignedRegistration, fleetKeys: readonly string[]): Registration | undefined {
  if (fleetKeys.length > 0) {
    if (!fleetKeys.includes(signed.key)) return undefined;
    if (!verifySigned(signed.key, `${PURPOSE}\n${signed.text}`, signed.signature)) return undefined;
  }
  try {
    return Registration.parse(JSON.parse(signed.text));
  } catch {
    return undefined;
  }
}
