/** Checks of this machine: Node, the socket library, ports, certificates. */
import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { createSecureContext } from "node:tls";
import { pickListen } from "@frontrow/listener/pick.ts";
import { type Finding, fail, ok, sentenceOf, warn } from "./finding.ts";

/** The first that runs TypeScript files without a flag. */
const NODE_MIN = [22, 18] as const;

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1])
    ? ok("node", version)
    : fail(
        "node",
        `${version} is too old`,
        `run by npm scripts or npx, which use the project's own, or install ${NODE_MIN.join(".")}`,
      );
}

export async function checkTransport(asked: "auto" | "uws" | "ws"): Promise<Finding> {
  if (asked === "ws") return ok("transport", "ws, as FRONTROW_TRANSPORT says");
  try {
    await pickListen("uws");
    return ok("transport", "uWebSockets.js loads");
  } catch (error) {
    const says = sentenceOf(error);
    return asked === "uws"
      ? fail("transport", says, "set FRONTROW_TRANSPORT=auto, or use Node 22")
      : warn("transport", `${says}: ws takes its place, at a lower rate`, "use Node 22, or set FRONTROW_TRANSPORT=ws");
  }
}

export async function checkPort(name: string, host: string, port: number): Promise<Finding> {
  if (port === 0) return ok(name, "chosen by the system");
  const server = createServer();
  try {
    await new Promise<void>((done, failed) => server.once("error", failed).listen(port, host, done));
    return ok(name, `${host}:${port} is free`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") return fail(name, `${host}:${port} is taken`, `stop what listens there, or set ${name}`);
    return fail(
      name,
      `cannot listen on ${host}:${port}: ${sentenceOf(error)}`,
      `set ${name}, or the address beside it`,
    );
  } finally {
    server.close();
  }
}

const TWO_WEEKS_MS = 14 * 86_400_000;

export async function checkTls(certFile: string, keyFile: string, nowMs: number): Promise<Finding> {
  try {
    const [cert, key] = await Promise.all([readFile(certFile), readFile(keyFile)]);
    createSecureContext({ cert, key });
    const leftMs = Date.parse(new X509Certificate(cert).validTo) - nowMs;
    const days = Math.floor(leftMs / 86_400_000);
    if (leftMs < 0) return fail("TLS", `${certFile} expired ${-days} days ago`, "renew it");
    if (leftMs < TWO_WEEKS_MS) return warn("TLS", `${certFile} expires in ${days} days`, "renew it");
    return ok("TLS", `certificate and key belong together, valid for ${days} days`);
  } catch (error) {
    return fail("TLS", sentenceOf(error), "check FRONTROW_TLS_CERT and FRONTROW_TLS_KEY");
  }
}
