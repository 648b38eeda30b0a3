/** Opens each link of an edge as the edge would, hello included, and leaves again. */
import { distrustLinkHello, type LinkTrust, makeLinkHello } from "@frontrow/shared/identity/link-hello.ts";
import { type SigningKey, signingKeyFrom } from "@frontrow/shared/identity/signed.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import { decode, encodeMsgpack } from "@frontrow/shared/protocol/codec.ts";
import { LinkDown, type LinkHello } from "@frontrow/shared/protocol/link.ts";
import * as z from "zod";
import { type Finding, fail, ok, sentenceOf, warn, within } from "./finding.ts";

const OPEN_MS = 3_000;
const Frame = z.array(LinkDown);

export interface LinkSettings {
  readonly metros: readonly { readonly metro: string; readonly url: string }[];
  readonly linkKey: string;
  readonly linkPeers: readonly string[];
  readonly edgeName: string;
}

export function checkLinks({ metros, linkKey, linkPeers, edgeName }: LinkSettings, limits: Limits): Promise<Finding[]> {
  const key = signingKeyFrom(linkKey);
  const trust = { peers: linkPeers, maxAgeMs: limits.linkHelloMs };
  return Promise.all(metros.map(({ metro, url }) => checkLink(metro, url, `${edgeName}-doctor`, key, trust)));
}

async function checkLink(
  metro: string,
  url: string,
  name: string,
  key: SigningKey,
  trust: LinkTrust,
): Promise<Finding> {
  const subject = `link ${metro}`;
  const socket = new WebSocket(url);
  socket.binaryType = "arraybuffer";
  const sinceMs = performance.now();
  try {
    const challenge = await within(OPEN_MS, nextHello(socket));
    const distrust = distrustLinkHello(challenge, "", Date.now(), trust);
    if (distrust)
      return fail(subject, `the matchmaker is not believed: ${distrust}`, "list its public key in FRONTROW_LINK_PEERS");
    const answer = makeLinkHello(name, challenge.nonce, Date.now(), key);
    const accepted = within(OPEN_MS, nextHello(socket));
    socket.send(encodeMsgpack([answer]));
    const hello = await accepted;
    // The first hello answers no challenge of ours, so it could be a recording; this one cannot.
    const recorded = distrustLinkHello(hello, answer.nonce, Date.now(), trust);
    if (recorded) return fail(subject, `the matchmaker is not believed: ${recorded}`, "find out who answers there");
    if (hello.name !== metro) {
      return warn(subject, `${url} is the matchmaker of ${hello.name}`, "correct FRONTROW_METROS");
    }
    return ok(subject, `open after ${Math.round(performance.now() - sinceMs)} ms`);
  } catch (error) {
    return fail(
      subject,
      `${url}: ${sentenceOf(error)}`,
      "start the matchmaker, or correct FRONTROW_METROS and the link keys",
    );
  } finally {
    socket.close();
  }
}

/** The hello in the next frame; rejects when the socket ends first, with what the other end said. */
function nextHello(socket: WebSocket): Promise<LinkHello> {
  return new Promise((resolve, reject) => {
    // Node's WebSocket fires no close where the dial itself failed.
    socket.addEventListener("error", () => reject(new Error("cannot be reached")), { once: true });
    socket.addEventListener("close", ({ code, reason }) => reject(new Error(reason || `closed with ${code}`)), {
      once: true,
    });
    socket.addEventListener(
      "message",
      ({ data }) => {
        const frame = decode(Frame, new Uint8Array(data as ArrayBuffer), 65_536);
        const first = frame.ok ? frame.value[0] : undefined;
        if (first?.t === "hello") resolve(first);
        else reject(new Error("what answers there is no matchmaker of this version"));
      },
      { once: true },
    );
  });
}
