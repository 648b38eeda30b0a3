/**
 * The signed hello with which both ends of a link open. Each end signs its own nonce, the nonce that it was sent (so that a
 * recording is worth nothing), its name and the time. The listening end speaks first with a bare challenge.
 */
import type { LinkHello } from "../protocol/link.ts";
import { PROTOCOL_VERSION } from "../protocol/version.ts";
import { freshNonce, type SigningKey, verifySigned } from "./signed.ts";

const PURPOSE = "frontrow-link-v1";

interface HelloParts {
  name: string;
  nonce: string;
  challenge: string;
  signedAtMs: number;
}

const signedText = ({ name, nonce, challenge, signedAtMs }: HelloParts) =>
  [PURPOSE, name, nonce, challenge, signedAtMs].join("\n");

/** A hello of `name` that answers the peer's `challenge` (its nonce, or "" in the very first message). */
export function makeLinkHello(name: string, challenge: string, nowMs: number, key: SigningKey | undefined): LinkHello {
  const parts = { name, nonce: freshNonce(), challenge, signedAtMs: nowMs };
  return {
    t: "hello",
    v: PROTOCOL_VERSION,
    name,
    nonce: parts.nonce,
    signedAtMs: nowMs,
    key: key?.publicKey ?? "",
    signature: key?.sign(signedText(parts)) ?? "",
  };
}

export interface LinkTrust {
  /** Public keys that may open a link; empty where unsigned links are allowed. */
  readonly peers: readonly string[];
  /** How old a signature may be. */
  readonly maxAgeMs: number;
}

/** Why `hello` is not believed, or undefined if it is. `challenge` is the nonce that this end had sent. */
export function distrustLinkHello(
  hello: LinkHello,
  challenge: string,
  nowMs: number,
  trust: LinkTrust,
): string | undefined {
  if (hello.v !== PROTOCOL_VERSION) return `it speaks version ${hello.v}, this end ${PROTOCOL_VERSION}`;
  if (trust.peers.length === 0) return undefined;
  if (!trust.peers.includes(hello.key)) return "its key is not in the list of peers";
  if (Math.abs(nowMs - hello.signedAtMs) > trust.maxAgeMs) return "it was signed too long ago, or the clocks differ";
  if (!verifySigned(hello.key, signedText({ ...hello, challenge }), hello.signature)) return "its signature is wrong";
  return undefined;
}
