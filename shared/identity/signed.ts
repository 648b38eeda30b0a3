/**
 * Ed25519 signatures over canonical text: the hello of a link and the registration of a game server. What is signed starts
 * with its purpose, so that one can never pass for the other. Keys and signatures travel as base64url.
 */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  verify,
} from "node:crypto";

export interface SigningKey {
  readonly publicKey: string;
  sign(text: string): string;
}

const b64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");

/** A signing key from its private JWK coordinate `d` and public `x`, as `frontrow keys` prints them: `d.x`. Throws if it is not one. */
export function signingKeyFrom(text: string): SigningKey {
  const [d, x] = text.split(".");
  if (!d || !x) throw new Error("not an Ed25519 key as `frontrow keys` prints it");
  return signingKey(createPrivateKey({ key: { kty: "OKP", crv: "Ed25519", d, x }, format: "jwk" }), x);
}

/** A fresh key pair, private half as `signingKeyFrom` reads it. */
export function generateSigningKey(): { privateText: string; publicKey: string } {
  const { d, x } = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
  return { privateText: `${d}.${x}`, publicKey: x! };
}

function signingKey(key: KeyObject, publicKey: string): SigningKey {
  return { publicKey, sign: (text) => b64(sign(null, Buffer.from(text), key)) };
}

/** Whether `signature` over `text` was made by the owner of `publicKey`. False for anything malformed; never throws. */
export function verifySigned(publicKey: string, text: string, signature: string): boolean {
  try {
    const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: publicKey }, format: "jwk" });
    return verify(null, Buffer.from(text), key, Buffer.from(signature, "base64url"));
  } catch {
    return false;
  }
}

export const freshNonce = () => b64(randomBytes(16));
