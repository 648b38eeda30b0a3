/** Player tokens, honest and not: any header, any claims, any signature. */
import { createHmac, createSign, generateKeyPairSync, type KeyObject } from "node:crypto";

export interface LoginKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** As an operator configures it. */
  readonly pem: string;
}

export function createLoginKey(): LoginKey {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  return { privateKey, publicKey, pem: publicKey.export({ type: "spki", format: "pem" }).toString() };
}

export type Claims = Record<string, unknown>;
type Sign = (text: string) => string;

const part = (value: unknown) =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

/** `header` and `payload` as they are given: objects, or text that is no JSON. */
export function jwtOf(header: unknown, payload: unknown, sign: Sign): string {
  const text = `${part(header)}.${part(payload)}`;
  return `${text}.${sign(text)}`;
}

export const rs256 =
  ({ privateKey }: LoginKey): Sign =>
  (text) =>
    createSign("RSA-SHA256").update(text).sign(privateKey, "base64url");

export const hs256 =
  (secret: string | Buffer): Sign =>
  (text) =>
    createHmac("sha256", secret).update(text).digest("base64url");

export const unsigned: Sign = () => "";
