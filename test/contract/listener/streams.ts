import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import type { HttpRoute } from "../../../listener/listener.ts";
import { get, type Rig, until } from "./rig.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

/** A stream that a test writes to, and that says whether anybody still reads it. */
function source() {
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  const state = { isCancelled: false, pulls: 0 };
  const stream = new ReadableStream<Uint8Array>({
    start(made) {
      controller = made;
    },
    pull: () => void state.pulls++,
    cancel: () => {
      state.isCancelled = true;
    },
  });
  return {
    stream,
    state,
    say: (text: string) => controller.enqueue(bytes(text)),
    end: () => controller.close(),
    fail: () => controller.error(new Error("broken")),
  };
}

export function streamRules(rig: Rig): void {
  const streaming = (stream: ReadableStream<Uint8Array>, path = "/"): HttpRoute =>
    get(path, () => ({ status: 200, headers: { "content-type": "text/event-stream" }, body: stream }));

  it("[HA16] a stream's chunks arrive as they are said, and the connection is usable after its end", async () => {
    const { stream, say, end } = source();
    const { http } = await rig.open({
      http: [streaming(stream), get("/after", () => ({ status: 200, body: "after" }))],
    });
    const asked = fetch(http);
    say("one");
    const reply = await asked;
    expect([reply.status, reply.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
    const reader = reply.body!.getReader();
    const heard = async () => Buffer.from((await reader.read()).value!).toString();
    expect(await heard()).toBe("one");
    say("two");
    expect(await heard()).toBe("two");
    end();
    expect((await reader.read()).done).toBe(true);
    expect(await (await fetch(`${http}/after`)).text()).toBe("after");
  });

  it("[HA16] a stream that is silent for longer than requests may take stays open", async () => {
    const { stream, say, end } = source();
    const { http } = await rig.open({ http: [streaming(stream)], requestHeadMs: 500 });
    say("one");
    const reply = await fetch(http);
    await sleep(1_500);
    say("two");
    end();
    expect(await reply.text()).toBe("onetwo");
  });

  it("[HA16] it is cancelled when its client goes, and not read while its client does not read", async () => {
    const { stream, state, say } = source();
    // Each chunk that had to wait left a listener on the response.
    const warnings: Error[] = [];
    const warned = (warning: Error) => void warnings.push(warning);
    process.on("warning", warned);
    let isDone = false;
    const endless = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          pulled += 65_536;
          controller.enqueue(new Uint8Array(65_536));
        },
        cancel: () => {
          isDone = true;
        },
      },
      { highWaterMark: 0 },
    );
    let pulled = 0;
    const { port, http } = await rig.open({ http: [streaming(stream), streaming(endless, "/endless")] });
    say("one");
    const reply = await fetch(http);
    await reply.body!.cancel();
    await until(() => state.isCancelled);

    const mute = rig.peers.raw(port);
    mute.socket.pause();
    mute.socket.write("GET /endless HTTP/1.1\r\nhost: test\r\n\r\n");
    await until(() => pulled > 0);
    let before = -1;
    // It stops: what is neither in the kernel nor read is not asked for.
    await until(() => {
      const isStill = pulled === before;
      before = pulled;
      return isStill;
    }, 10_000);
    await sleep(300);
    expect(pulled).toBe(before);
    mute.socket.resetAndDestroy();
    await until(() => isDone);
    process.off("warning", warned);
    expect(warnings.filter(({ name }) => name === "MaxListenersExceededWarning")).toEqual([]);
  });

  it("[HA16] one that fails breaks the reply off, HEAD has none of it, and closing the listener ends it", async () => {
    const [broken, unread, open] = [source(), source(), source()];
    const opened = await rig.open({
      http: [streaming(broken.stream, "/broken"), streaming(unread.stream, "/unread"), streaming(open.stream, "/open")],
    });
    broken.say("half");
    const reply = await fetch(`${opened.http}/broken`);
    broken.fail();
    await expect(reply.text()).rejects.toThrow();
    expect(await (await fetch(`${opened.http}/unread`, { method: "HEAD" })).text()).toBe("");
    await until(() => unread.state.isCancelled);
    open.say("said");
    const last = await fetch(`${opened.http}/open`);
    const closing = opened.close();
    expect(await last.text()).toBe("said");
    await closing;
    expect(open.state.isCancelled).toBe(true);
  });

  it("[HA17] a handler learns that its client went, or that the listener closes", async () => {
    const signals: AbortSignal[] = [];
    const handle: HttpRoute["handle"] = (_head, _body, gone) => {
      const signal = gone();
      signals.push(signal);
      return new Promise((resolve) =>
        signal.addEventListener("abort", () => resolve({ status: 200, body: "closing" })),
      );
    };
    const { port, http, close } = await rig.open({ http: [get("/", handle)] });
    const leaving = rig.peers.raw(port);
    leaving.socket.write("GET / HTTP/1.1\r\nhost: test\r\n\r\n");
    await until(() => signals.length === 1);
    expect(signals[0]!.aborted).toBe(false);
    leaving.socket.resetAndDestroy();
    await until(() => signals[0]!.aborted);
    const staying = fetch(http);
    await until(() => signals.length === 2);
    const closing = close();
    expect(await (await staying).text()).toBe("closing");
    await closing;
  });

  it("[HA18] a route's own bound holds for its bodies, declared or in chunks, and its own answer is given", async () => {
    const route: HttpRoute = {
      method: "ANY",
      path: "/big",
      body: { bytesMax: 5_000, tooLarge: { status: 413, headers: { "x-why": "large" }, body: "too large" } },
      handle: (_head, body) => ({ status: 200, body: `${body.length}` }),
    };
    const { http } = await rig.open({ http: [route] });
    const put = (body: BodyInit) => fetch(`${http}/big`, { method: "PUT", body, duplex: "half" } as RequestInit);
    expect(await (await put("b".repeat(5_000))).text()).toBe("5000");
    const chunks = new ReadableStream({
      start(controller) {
        for (let at = 0; at < 6; at++) controller.enqueue(new Uint8Array(1_000));
        controller.close();
      },
    });
    for (const body of ["b".repeat(5_001), chunks]) {
      const reply = await put(body);
      expect([reply.status, reply.headers.get("x-why"), await reply.text()]).toEqual([413, "large", "too large"]);
    }
  });
}
