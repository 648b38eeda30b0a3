import type { Down } from "@frontrow/shared/protocol/down.ts";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createTeller } from "./tell.ts";

type State = Extract<Down, { t: "state" }>;

describe("what a session tells", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function listen() {
    const heard: string[] = [];
    const socket = { send: (text: unknown) => heard.push(JSON.parse(String(text)).state), close: () => {} };
    const teller = createTeller(socket, "frontrow.v1.json");
    const soon = (state: State["state"]) => teller.tellSoon({ t: "state", id: "a", state, why: [] });
    return { heard, teller, soon };
  }

  it("[SE15] a wait that is over before it was told is left out; one that lasts is told", () => {
    const { heard, soon } = listen();
    for (const state of ["waiting", "waiting", "placing"] as const) soon(state);
    vi.advanceTimersByTime(100);
    expect(heard).toEqual(["placing"]);
    soon("waiting");
    vi.advanceTimersByTime(100);
    soon("placing");
    vi.advanceTimersByTime(100);
    expect(heard).toEqual(["placing", "waiting", "placing"]);
  });

  it("[SE15] the time of what waits longest counts, however often it is replaced", () => {
    const { heard, soon } = listen();
    soon("waiting");
    vi.advanceTimersByTime(60);
    soon("waiting");
    vi.advanceTimersByTime(40);
    expect(heard).toEqual(["waiting"]);
  });

  it("[SE15] a ready check is told at once, and nothing after the end", () => {
    const { heard, soon, teller } = listen();
    soon("waiting");
    soon("asked");
    expect(heard).toEqual(["asked"]);
    soon("placing");
    teller.stop();
    vi.advanceTimersByTime(1_000);
    expect(heard).toEqual(["asked"]);
  });
});
