/** A link as the simulation found it to be wrong. */
import { createWsLink, type LinkSocketEvents } from "@frontrow/edge-router/link/ws-link.ts";
import { makeLinkHello } from "@frontrow/shared/identity/link-hello.ts";
import { resolveLimits } from "@frontrow/shared/limits.ts";
import { decode, encodeMsgpack } from "@frontrow/shared/protocol/codec.ts";
import { LinkUp } from "@frontrow/shared/protocol/link.ts";
import { expect, it } from "vitest";
import * as z from "zod";

// The last set of a replica that was gone for good was remembered. When the index had lost everything its epoch was the highest, so that
// the edge enlisted its tickets with nobody: the new replica never heard of them, nor of the epoch that it had to outdo.
it("[SM14] a replica that cannot be reached does not say who its metro's replicas are", () => {
  const limits = resolveLimits();
  let metro!: LinkSocketEvents;
  const link = createWsLink({
    ...{
      metro: "fra",
      url: "",
      edge: "e1",
      key: undefined,
      trust: { peers: [], maxAgeMs: limits.linkHelloMs },
      limits,
    },
    ...{
      nowMs: Date.now,
      clockMs: () => performance.now(),
      jitter: () => 1,
      schedule: (flush) => flush(),
      log: () => {},
    },
    nonce: () => "a".repeat(22),
    dial(_url, events) {
      metro = events;
      return { send: hear, close: () => {} };
    },
  });
  const say = (message: unknown) => metro.message(encodeMsgpack([message]));
  function hear(frame: Uint8Array): void {
    const heard = decode(z.array(LinkUp), frame, limits.linkFrameBytes);
    const [hello] = heard.ok ? heard.value : [];
    if (hello?.t === "hello") say(makeLinkHello("fra", hello.nonce, Date.now(), undefined));
  }
  say(makeLinkHello("fra", "", Date.now(), undefined));
  say({ t: "replicas", replica: "r0", epoch: 10, members: ["r0"] });
  expect(link.replicas()).toEqual({ epoch: 10, members: ["r0"] });
  metro.closed("gone");
  expect(link.replicas()).toBeUndefined();
  link.close();
});
