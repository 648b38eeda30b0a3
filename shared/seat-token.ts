/**
 * The seat token: a capability to sit in one seat of one room of one boot of one server, once per generation.
 *
 * base64url(JSON claims) followed by 43 characters of HMAC-SHA256: one URL segment without dots. The key is HKDF-SHA256 over
 * X25519 of the matchmaker's issuer key and the server's per-boot key (RFC 5869, RFC 7748); both ends derive it and nobody
 * stores it. A server can forge seats only on itself, and an old boot's tokens die with it. Why not a signature: verifying
 * Ed25519 costs 108 µs, an HMAC 2 µs, and every junk upgrade is verified.
 */
import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  timingSafeEqual,
} from "node:crypto";
import * as z from "zod";
import { Json } from "./protocol/json.ts";
import { RoundTrip } from "./protocol/words.ts";

export const SeatClaims = z.object({
  metro: z.string(),
  server: z.string(),
  boot: z.string(),
  room: z.string(),
  mode: z.string(),
  /** Ticket whose seat this is; with `seat` the identity of the place. */
  ticket: z.string(),
  seat: z.int(),
  /** Newest wins; a generation is sat in once. */
  gen: z.int(),
  /** Colyseus session id of the place. */
  sid: z.string(),
  player: z.string(),
  guest: z.boolean(),
  /** Seats of the room, if this token makes it. */
  seats: z.int().positive(),
  private: z.boolean(),
  compat: z.string(),
  code: z.string().optional(),
  team: z.int().optional(),
  match: z.string().optional(),
  /** Of a match whose mode takes backfill: the player's rating points, for whoever looks for others to join him. */
  rating: z.int().optional(),
  /** Of a match: seats that bots take, by team. */
  bots: z.array(z.int().nonnegative()).max(32).optional(),
  /** Back to a seat that is sat in, and to nothing else: what the place's earlier token said stays true of it. */
  resume: z.literal(true).optional(),
  /** Looks on, and takes no player's place: of no hold, so its server alone counts it. */
  spectator: z.literal(true).optional(),
  options: z.record(z.string(), Json),
  rtt: RoundTrip,
  /** Unix milliseconds. */
  exp: z.number(),
});
export type SeatClaims = z.infer<typeof SeatClaims>;

const MAC_CHARS = 43;

/** An X25519 key pair as text: the private half as `d.x`, the public half `x`, both base64url. */
export function generateSeatKey(): { privateText: string; publicKey: string } {
  const { d, x } = generateKeyPairSync("x25519").privateKey.export({ format: "jwk" });
  return { privateText: `${d}.${x}`, publicKey: x! };
}

/** The shared HMAC key of an issuer and a server's boot; the same from either side. Throws if a key is malformed. */
export function deriveSeatKey(own: string, peerPublic: string, server: string, boot: string): Buffer {
  const [d, x] = own.split(".");
  const privateKey = createPrivateKey({ key: { kty: "OKP", crv: "X25519", d: d ?? "", x: x ?? "" }, format: "jwk" });
  const publicKey = createPublicKey({ key: { kty: "OKP", crv: "X25519", x: peerPublic }, format: "jwk" });
  const secret = diffieHellman({ privateKey, publicKey });
  return Buffer.from(hkdfSync("sha256", secret, "", `frontrow-seat-v1\n${server}\n${boot}`, 32));
}

export const publicHalf = (privateText: string) => privateText.slice(privateText.indexOf(".") + 1);

export function signSeat(claims: SeatClaims, key: Uint8Array): string {
  const payload = Buffer.from(JSON.stringify(claims)).toString("base64url");
  return payload + mac(payload, key);
}

/**
 * The claims, if one of `keys` (two while the issuer key rotates) made the token's MAC; undefined for everything else.
 * The MAC is checked before anything is parsed. Expiry is the caller's.
 */
export function verifySeat(token: string, bytesMax: number, keys: readonly Uint8Array[]): SeatClaims | undefined {
  if (token.length <= MAC_CHARS || token.length > bytesMax) return undefined;
  const payload = token.slice(0, -MAC_CHARS);
  const given = Buffer.from(token.slice(-MAC_CHARS));
  for (const key of keys) {
    const right = Buffer.from(mac(payload, key));
    if (given.length === right.length && timingSafeEqual(given, right)) return peekSeat(token);
  }
  return undefined;
}

/** The claims without any check, to say in an error what was wrong; never to be acted on. */
export function peekSeat(token: string): SeatClaims | undefined {
  try {
    const json = JSON.parse(Buffer.from(token.slice(0, -MAC_CHARS), "base64url").toString());
    return SeatClaims.safeParse(json).data;
  } catch {
    return undefined;
  }
}

const mac = (payload: string, key: Uint8Array) => createHmac("sha256", key).update(payload).digest("base64url");
