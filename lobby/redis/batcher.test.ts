import { FrontrowError } from "@frontrow/shared/errors.ts";
import { describe, expect, it } from "vitest";
import { createBatcher } from "./batcher.ts";

interface Sent {
  readonly items: number[];
  readonly sinceMs: number;
  answer(answers?: (string | Error)[]): void;
  fail(error: Error): void;
}

/** A batcher whose sends are answered by hand, on a clock that is moved by hand. */
function rig(over: { batchMax?: number; batchesInFlight?: number; batchQueueMax?: number } = {}) {
  const sent: Sent[] = [];
  const clock = { nowMs: 1_000 };
  const batcher = createBatcher<number, string>({
    limits: { batchMax: 3, batchesInFlight: 2, batchQueueMax: 10, redisCommandMs: 300, ...over },
    nowMs: () => clock.nowMs,
    send: (items, sinceMs) =>
      new Promise((resolve, reject) => {
        const answer = (answers = items.map((n) => `answer ${n}`)) => resolve(answers);
        sent.push({ items, sinceMs, answer, fail: reject });
      }),
  });
  /** The answer, or the error's code. */
  const ask = (item: number) => batcher.add(item).catch(codeOf);
  return { ask, sent, clock };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const codeOf = (error: unknown) => (error instanceof FrontrowError ? error.refusal.code : String(error));

describe("batcher", () => {
  it("[LB20] what is asked for in one turn leaves in one batch, at once", async () => {
    const { ask, sent } = rig();
    const asked = [ask(1), ask(2)];
    await turn();
    expect(sent.map(({ items }) => items)).toEqual([[1, 2]]);
    sent[0]!.answer();
    expect(await Promise.all(asked)).toEqual(["answer 1", "answer 2"]);
  });

  it("[LB20] no more than the allowed batches are under way, and none is larger than allowed", async () => {
    const { ask, sent } = rig();
    const asked = Array.from({ length: 10 }, (_, i) => ask(i));
    await turn();
    expect(sent.map(({ items }) => items)).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    sent[1]!.answer();
    await turn();
    expect(sent.slice(2).map(({ items }) => items)).toEqual([[6, 7, 8]]);
    sent[0]!.answer();
    await turn();
    expect(sent.slice(3).map(({ items }) => items)).toEqual([[9]]);
    sent[2]!.answer();
    sent[3]!.answer();
    expect(await Promise.all(asked)).toEqual(Array.from({ length: 10 }, (_, i) => `answer ${i}`));
  });

  it("[LB20] what is much is shared out among the batches that may leave, what is little is not", async () => {
    const { ask, sent } = rig({ batchMax: 64, batchQueueMax: 100 });
    const sizesFor = async (count: number) => {
      const asked = Array.from({ length: count }, (_, i) => ask(i));
      await turn();
      const batches = sent.splice(0);
      for (const batch of batches) batch.answer();
      await Promise.all(asked);
      return batches.map(({ items }) => items.length);
    };
    expect(await sizesFor(15)).toEqual([15]);
    expect(await sizesFor(16)).toEqual([8, 8]);
    expect(await sizesFor(61)).toEqual([31, 30]);
  });

  it("[LB20] one that fails leaves the others of its batch alone", async () => {
    const { ask, sent } = rig();
    const asked = [ask(1), ask(2)];
    await turn();
    sent[0]!.answer([new FrontrowError("INDEX_AWAY"), "two"]);
    expect(await Promise.all(asked)).toEqual(["INDEX_AWAY", "two"]);
  });

  it("[LB20] when too much waits the next is told so, and those that wait are served", async () => {
    const { ask, sent } = rig({ batchesInFlight: 1, batchMax: 2, batchQueueMax: 2 });
    const asked = [ask(0)];
    await turn();
    asked.push(ask(1), ask(2), ask(3));
    sent[0]!.answer();
    await turn();
    sent[1]!.answer();
    expect(await Promise.all(asked)).toEqual(["answer 0", "answer 1", "answer 2", "INDEX_BUSY"]);
  });

  it("[LB19] whoever waited a command's time is told so instead of being sent late", async () => {
    const { ask, sent, clock } = rig({ batchesInFlight: 1 });
    const asked = [ask(0)];
    await turn();
    asked.push(ask(1));
    clock.nowMs += 301;
    asked.push(ask(2));
    sent[0]!.answer();
    await turn();
    expect(sent[1]).toMatchObject({ items: [2], sinceMs: 1_301 });
    sent[1]!.answer();
    expect(await Promise.all(asked)).toEqual(["answer 0", "INDEX_BUSY", "answer 2"]);
  });

  it("[LB19] what waits behind a failed batch fails with it, and later ones are tried again", async () => {
    const { ask, sent } = rig({ batchesInFlight: 1 });
    const asked = [ask(0)];
    await turn();
    asked.push(ask(1));
    sent[0]!.fail(new FrontrowError("INDEX_AWAY"));
    expect(await Promise.all(asked)).toEqual(["INDEX_AWAY", "INDEX_AWAY"]);
    const later = ask(2);
    await turn();
    sent[1]!.answer();
    expect(await later).toBe("answer 2");
  });
});
