import { decode } from "@frontrow/shared/protocol/codec.ts";
import { Up } from "@frontrow/shared/protocol/up.ts";
import { PROTOCOL_VERSION } from "@frontrow/shared/protocol/version.ts";
import { expect, it } from "vitest";
import { cancelMessage, helloMessage, playMessage } from "./messages.ts";

it("[LT1] what k6 says is of the protocol, and of its present version", () => {
  for (const message of [helloMessage(undefined), helloMessage("a.b.c"), playMessage("arena"), cancelMessage()]) {
    expect(decode(Up, message, 8_192)).toMatchObject({ ok: true });
  }
  expect(JSON.parse(helloMessage(undefined)).v).toBe(PROTOCOL_VERSION);
});
