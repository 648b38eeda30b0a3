import { resolveLimits } from "@frontrow/shared/limits.ts";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createAddressLimits } from "./address-limits.ts";

const limits = resolveLimits({ requestsPerAddressPerSecond: 1 });

describe("what one address may ask", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const settled = () => vi.advanceTimersByTimeAsync(0);

  it("[GS37] ten seconds' worth at once, then nothing until the window ends; other addresses are not concerned", async () => {
    const { mayAsk } = createAddressLimits(limits);
    const asked = [];
    for (let i = 0; i < 12; i++) {
      asked.push(mayAsk("10.0.0.1"));
      await settled();
    }
    expect(asked).toEqual([...Array(10).fill(true), false, false]);
    expect(mayAsk("10.0.0.2")).toBe(true);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(mayAsk("10.0.0.1")).toBe(true);
  });

  it("[GS37] addresses of one IPv6 /64 are one", async () => {
    const { mayAsk } = createAddressLimits(limits);
    for (let i = 0; i < 10; i++) {
      expect(mayAsk(`2001:db8:0:1::${i}`)).toBe(true);
      await settled();
    }
    expect(mayAsk("2001:db8::1:5:6:7:8")).toBe(false);
    expect(mayAsk("2001:db8:0:2::1")).toBe(true);
    expect(mayAsk("::ffff:10.0.0.1")).toBe(true);
  });

  it("[GS37] tokens that nobody signed are counted apart from upgrades", async () => {
    const { mayAsk, mayErr } = createAddressLimits(limits);
    for (let i = 0; i < 11; i++) {
      mayErr("10.0.0.1");
      await settled();
    }
    expect(mayErr("10.0.0.1")).toBe(false);
    expect(mayAsk("10.0.0.1")).toBe(true);
  });
});
