import { defaultLimits } from "@frontrow/shared/limits.ts";
import { describe, expect, it } from "vitest";
import { createProbe } from "./probe.ts";

function probeWithNonces() {
  let count = 0;
  return createProbe({ limits: defaultLimits, nonce: () => `nonce-${count++}` });
}

describe("probes", () => {
  it("[PR1] an echo before its probe, a second one, and somebody else's change nothing", () => {
    const probe = probeWithNonces();
    expect(probe.answered("nonce-0", 0)).toBe(false);
    const nonce = probe.send(100);
    expect(probe.answered("nonce-of-another-session", 101)).toBe(false);
    expect(probe.answered(nonce, 130)).toBe(true);
    expect(probe.answered(nonce, 130.5)).toBe(false);
    expect(probe.roundTrip()).toMatchObject({ minMs: 30, samples: 1 });
  });

  it("[PR1] an echo of a probe that was forgotten with its connection changes nothing", () => {
    const probe = probeWithNonces();
    const nonce = probe.send(0);
    probe.forgetInFlight();
    expect(probe.answered(nonce, 1)).toBe(false);
    expect(probe.roundTrip().samples).toBe(0);
  });

  it("[PR2] four samples are not verified, five are", () => {
    const probe = probeWithNonces();
    for (let i = 0; i < 5; i++) {
      expect(probe.roundTrip().verified).toBe(false);
      probe.answered(probe.send(i * 100), i * 100 + 20);
    }
    expect(probe.roundTrip()).toEqual({ minMs: 20, jitterMs: 0, loss: 0, samples: 5, verified: true });
  });

  it("[PR3] a good sample leaves the window after sixteen more", () => {
    const probe = probeWithNonces();
    probe.answered(probe.send(0), 5);
    for (let i = 1; i <= 16; i++) probe.answered(probe.send(i * 1_000), i * 1_000 + (i % 2 ? 40 : 50));
    expect(probe.roundTrip()).toMatchObject({ minMs: 40, jitterMs: 10, samples: 16 });
  });

  it("[PR4] what is not answered in time is lost, even if it is answered later", () => {
    const probe = probeWithNonces();
    const slow = probe.send(0);
    probe.answered(probe.send(3_000), 3_010);
    expect(probe.answered(slow, 3_020)).toBe(false);
    expect(probe.roundTrip()).toMatchObject({ minMs: 10, loss: 0.5, samples: 1 });
  });

  it("[PR4] an echo just after its time counts as lost, not as a long distance", () => {
    const probe = probeWithNonces();
    probe.answered(probe.send(0), defaultLimits.probeTimeoutMs + 1);
    expect(probe.roundTrip()).toMatchObject({ samples: 0, loss: 1 });
  });
});
