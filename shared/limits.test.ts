import { describe, expect, it } from "vitest";
import { defaultLimits, type Limits, limitsInOrder, resolveLimits } from "./limits.ts";

const problemsOf = (overrides: Record<string, unknown>): string[] => {
  try {
    resolveLimits(overrides as Partial<Limits>);
    return [];
  } catch (error) {
    return (error as Error).message.split("\n");
  }
};

describe("limits", () => {
  it("[CF23] the defaults keep the order that the promises need, and are frozen", () => {
    const limits = resolveLimits();
    expect(limits).toEqual(defaultLimits);
    expect(Object.isFrozen(limits)).toBe(true);
    expect(limits.seatTokenMs).toBeLessThan(limits.seatHoldMs);
  });

  it.each(limitsInOrder.map(([smaller, larger, why]) => ({ smaller, larger, why })))(
    "[CF23] $smaller must stay below $larger: $why",
    ({ smaller, larger, why }) => {
      const problems = problemsOf({ [smaller]: defaultLimits[larger] });
      expect(problems.filter((problem) => problem.includes(smaller) && problem.includes(why))).not.toEqual([]);
    },
  );

  it("[CF23] a lease shorter than two heartbeats is refused", () => {
    expect(problemsOf({ leaseMs: 1_500 })).toEqual([expect.stringMatching(/at least two heartbeats/)]);
  });

  it("[CF23] a seat token has room for the largest join options, and is none that the protocol refuses", () => {
    expect(problemsOf({ joinOptionsBytes: 1_000 })).toEqual([expect.stringMatching(/seatTokenBytes .* at least 2402/)]);
    expect(problemsOf({ seatTokenBytes: 1_600 })).toEqual([expect.stringMatching(/joinOptionsBytes \(512\)/)]);
    expect(problemsOf({ seatTokenBytes: 2_049 })).toEqual([expect.stringMatching(/at most 2048/)]);
    expect(problemsOf({ joinOptionsBytes: 735 })).toEqual([]);
  });

  it("[CF24] unknown names and values that are no positive numbers are refused, all together", () => {
    const problems = problemsOf({ leasMs: 1, batchMax: 0, probeWindow: -1, helloMs: Number.NaN, linkHelloMs: "9" });
    for (const name of ["leasMs is not a limit", "batchMax", "probeWindow", "helloMs", "linkHelloMs"]) {
      expect(problems.filter((problem) => problem.includes(name)).length, name).toBeGreaterThan(0);
    }
  });

  it("[CF24] every name says its unit, or is a count", () => {
    const unit = /(Ms|Bytes|PerSecond|PerMinute|Max)$/;
    const counts = [
      ...["probeSamplesVerified", "probeWindow", "sweepPerCall", "batchesInFlight"],
      ...["roomsPerHeartbeat", "ticketsPerResend"],
    ];
    const unnamed = Object.keys(defaultLimits).filter((name) => !unit.test(name) && !counts.includes(name));
    expect(unnamed).toEqual([]);
  });
});
