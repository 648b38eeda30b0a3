/** A peer at the matchmaker's door for edges: it says hello with whatever key it has, or not at all. */
import { makeLinkHello } from "@frontrow/shared/identity/link-hello.ts";
import type { SigningKey } from "@frontrow/shared/identity/signed.ts";
import { decode, encodeMsgpack } from "@frontrow/shared/protocol/codec.ts";
import { LinkDown, type LinkHello } from "@frontrow/shared/protocol/link.ts";
import { vi } from "vitest";
import * as z from "zod";
import type { Dial, Line } from "./line.ts";

const Frame = z.array(LinkDown);

export interface LinkPeer {
  readonly line: Line;
  /** What the door challenged with. */
  readonly challenge: string;
  say(...messages: unknown[]): void;
  heard(): LinkDown[];
  /** Waits for the answer to `rid`. */
  answer(rid: number): Promise<LinkDown>;
}

export async function knockAtLink(dial: Dial, port: number): Promise<LinkPeer> {
  const line = dial(`ws://127.0.0.1:${port}/v1/link`);
  const heard = () =>
    line.heard.flatMap((frame) => {
      const decoded = decode(Frame, frame, 4_194_304);
      if (!decoded.ok) throw new Error(decoded.why);
      return decoded.value;
    });
  const greeting = await vi.waitUntil(() => heard()[0] as LinkHello | undefined, { timeout: 5_000, interval: 5 });
  return {
    line,
    challenge: greeting.nonce,
    heard,
    say: (...messages) => line.send(encodeMsgpack(messages)),
    answer: (rid) =>
      vi.waitUntil(() => heard().find((message) => "rid" in message && message.rid === rid), {
        timeout: 5_000,
        interval: 5,
      }),
  };
}

/** A link that is open, by a key that the door knows. */
export async function openLink(dial: Dial, port: number, key: SigningKey): Promise<LinkPeer> {
  const peer = await knockAtLink(dial, port);
  peer.say(makeLinkHello("edge-of-a-thief", peer.challenge, Date.now(), key));
  await vi.waitUntil(() => peer.heard().some((message) => message.t === "status"), { timeout: 5_000, interval: 5 });
  return peer;
}
