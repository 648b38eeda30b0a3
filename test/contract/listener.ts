/**
 * Every listener must pass this: uWebSockets and ws, against real sockets. The rules are grouped by what they are about;
 * where the two may differ (how long a slow head lives, say), the subject says so.
 */
import { afterEach, describe } from "vitest";
import { addressRules } from "./listener/addresses.ts";
import { endingRules } from "./listener/endings.ts";
import { httpRules } from "./listener/http.ts";
import { junkRules } from "./listener/junk.ts";
import { lifeRules } from "./listener/life.ts";
import { messageRules } from "./listener/messages.ts";
import { pressureRules } from "./listener/pressure.ts";
import { createRig, type ListenerSubject } from "./listener/rig.ts";
import { slownessRules } from "./listener/slowness.ts";
import { streamRules } from "./listener/streams.ts";
import { upgradeRules } from "./listener/upgrades.ts";

export type { ListenerSubject } from "./listener/rig.ts";

export function listenerContract(subject: ListenerSubject): void {
  const rig = createRig(subject);
  afterEach(() => rig.close());
  describe("messages", () => messageRules(rig));
  describe("upgrades", () => upgradeRules(rig));
  describe("pressure", () => pressureRules(rig, subject));
  describe("endings", () => endingRules(rig, subject));
  describe("http", () => httpRules(rig));
  describe("streams", () => streamRules(rig));
  describe("slowness", () => slownessRules(rig, subject));
  describe("addresses", () => addressRules(rig));
  describe("junk", () => junkRules(rig, subject));
  describe("life", () => lifeRules(rig, subject));
}
