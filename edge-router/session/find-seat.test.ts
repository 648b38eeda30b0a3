import { FrontrowError, refusalOf } from "@frontrow/shared/errors.ts";
import { describe, expect, it } from "vitest";
import { createFakeLink, refuses, seatIn } from "../../test/support/fake-link.ts";
import { findSeat } from "./find-seat.ts";

const rtt = { minMs: 1, jitterMs: 0, loss: 0, samples: 5, verified: true };
const asked = { sid: "s", rtt };

/** A metro where the player sits, unless it is said otherwise. */
const metro = (name: string, rttMs: number, refusing?: Parameters<typeof refuses>[0]) =>
  Object.assign(createFakeLink(name, rttMs), {
    findSeat: refusing ? refuses(refusing) : async () => ({ seat: seatIn(name), match: "m", team: 1 }),
  });

describe("where a player sits", () => {
  it("[RS3] is asked of every metro at once, and the nearest seat is the player's", async () => {
    const found = await findSeat([metro("ams", 30), metro("fra", 5), metro("waw", 1, "NOTHING_TO_RESUME")], asked);
    expect(found).toMatchObject({ ok: true, metro: "fra", match: "m", team: 1, seat: { roomId: "fra_1_abcdef" } });
  });

  it("[RS3] is nowhere only when every metro says so; one that is away leaves it open, and takes no other's seat along", async () => {
    const away = Object.assign(metro("ams", 1), { up: false });
    const nowhere = metro("fra", 5, "NOTHING_TO_RESUME");
    const codeOf = async (links: (typeof away)[]) => {
      const found = await findSeat(links, asked);
      return found.ok ? found.metro : found.refusal.code;
    };
    expect(await codeOf([nowhere])).toBe("NOTHING_TO_RESUME");
    expect(await codeOf([nowhere, away])).toBe("MATCHMAKER_AWAY");
    expect(await codeOf([nowhere, metro("waw", 1, "INDEX_AWAY")])).toBe("INDEX_AWAY");
    expect(await codeOf([away, metro("waw", 9)])).toBe("waw");
    expect(await codeOf([])).toBe("NOTHING_TO_RESUME");
  });

  it("[ER4] an exception in a metro is told without its text", async () => {
    const broken = Object.assign(metro("fra", 1), { findSeat: () => Promise.reject(new Error("secret")) });
    const found = await findSeat([broken], asked);
    expect(found).toEqual({ ok: false, refusal: refusalOf(new FrontrowError("INTERNAL")) });
  });
});
