/** Certificates, read and tried before a port is opened: uWebSockets says nothing but that it could not. */
import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";

export function readTls({ certFile, keyFile }: { readonly certFile: string; readonly keyFile: string }) {
  try {
    const pair = { cert: readFileSync(certFile), key: readFileSync(keyFile) };
    createSecureContext(pair);
    return pair;
  } catch (cause) {
    throw new Error(`cannot use the certificate ${certFile} with the key ${keyFile}: ${(cause as Error).message}`);
  }
}
