import { expect, it } from "vitest";
import type { HttpReply, HttpRoute } from "../../../listener/listener.ts";
import { get, type Rig, until } from "./rig.ts";

export function httpRules(rig: Rig): void {
  requests(rig);
  methods(rig);
  bodies(rig);
  failures(rig);
  aborts(rig);
}

const echoBody: HttpRoute = { method: "POST", path: "/echo", handle: async (_, body) => ({ status: 200, body }) };

function requests(rig: Rig): void {
  it("[LS17] a handler sees method, path, query, headers, values and body, and keeps them", async () => {
    const handle: HttpRoute["handle"] = async (head, body) => {
      await new Promise((resolve) => setImmediate(resolve));
      const { method, path, address, secure, params } = head;
      const rest = [head.query.get("mode"), head.header("x-a"), head.header("none"), Buffer.from(body).toString()];
      return {
        status: 201,
        headers: { "x-b": "c", "content-type": "application/json" },
        body: JSON.stringify({ method, path, address, secure, params, rest }),
      };
    };
    const { http } = await rig.open({ http: [{ method: "POST", path: "/matchmake/:how/:room", handle }] });
    const reply = await fetch(`${http}/matchmake/join%20it/arena?mode=%C3%A9`, {
      method: "POST",
      body: "{}",
      headers: { "X-A": "1" },
    });
    expect([reply.status, reply.headers.get("x-b"), reply.headers.get("content-type")]).toEqual([
      201,
      "c",
      "application/json",
    ]);
    expect(await reply.json()).toEqual({
      method: "POST",
      path: "/matchmake/join%20it/arena",
      address: "127.0.0.1",
      secure: false,
      params: { how: "join it", room: "arena" },
      rest: ["é", "1", "", "{}"],
    });
  });

  it("[LS17] replies may be synchronous, of bytes, large, empty, and several on one connection", async () => {
    const large = Buffer.alloc(3_000_000, 65);
    const route = (path: string, reply: HttpReply) => get(path, () => reply);
    const { http, port } = await rig.open({
      http: [
        route("/large", { status: 200, body: large }),
        route("/none", { status: 204 }),
        route("/empty", { status: 200 }),
      ],
    });
    expect(Buffer.from(await (await fetch(`${http}/large`)).arrayBuffer()).equals(large)).toBe(true);
    expect((await fetch(`${http}/none`)).status).toBe(204);
    expect(await (await fetch(`${http}/empty`)).text()).toBe("");
    const peer = rig.peers.raw(port);
    for (const times of [1, 2, 3]) {
      peer.socket.write("GET /none HTTP/1.1\r\nhost: test\r\n\r\n");
      await until(() => peer.text.split("HTTP/1.1 204").length === times + 1);
    }
    expect(peer.text).not.toMatch(/content-length|transfer-encoding/i);
  });

  it("[LS30] a head of 12 kB passes, one over 16 kB is answered 431", async () => {
    const { http, port } = await rig.open({
      http: [get("/", (head) => ({ status: 200, body: head.header("cookie").slice(-3) }))],
    });
    expect(await (await fetch(http, { headers: { cookie: `${"c".repeat(12_000)}end` } })).text()).toBe("end");
    const peer = rig.peers.raw(port);
    peer.socket.write(`GET / HTTP/1.1\r\nhost: test\r\ncookie: ${"c".repeat(17_000)}\r\n\r\n`);
    await until(() => peer.text.startsWith("HTTP/1.1 431"));
  });
}

function methods(rig: Rig): void {
  it("[LS18] HEAD is GET without the body; unknown paths are 404, wrong methods 405 with what is allowed", async () => {
    const route = (method: HttpRoute["method"], path: string): HttpRoute => ({
      method,
      path,
      handle: (head) => ({ status: 200, body: `${method} route, ${head.method}` }),
    });
    const routes = [route("GET", "/page"), route("POST", "/page"), route("OPTIONS", "/v1/:x"), route("ANY", "/any")];
    const { http } = await rig.open({ http: routes });
    const ask = async (method: string, path: string) => {
      const reply = await fetch(http + path, { method });
      return [reply.status, await reply.text(), reply.headers.get("content-length"), reply.headers.get("allow")];
    };
    expect(await ask("GET", "/page")).toEqual([200, "GET route, GET", "14", null]);
    expect(await ask("HEAD", "/page")).toEqual([200, "", "15", null]);
    expect(await ask("POST", "/page")).toEqual([200, "POST route, POST", "16", null]);
    expect(await ask("OPTIONS", "/v1/play")).toEqual([200, "OPTIONS route, OPTIONS", "22", null]);
    expect(await ask("DELETE", "/any")).toEqual([200, "ANY route, DELETE", "17", null]);
    expect(await ask("PUT", "/page")).toEqual([405, "", "0", "GET, HEAD, POST"]);
    expect(await ask("OPTIONS", "/page")).toEqual([405, "", "0", "GET, HEAD, POST"]);
    for (const method of ["GET", "HEAD", "POST", "OPTIONS"]) {
      expect(await ask(method, "/nothing/here")).toEqual([404, "", "0", null]);
    }
  });
}

function bodies(rig: Rig): void {
  /** A body sent in chunks, without a declared length. */
  const chunked = (count: number, bytes: number) =>
    new ReadableStream({
      start(controller) {
        for (let i = 0; i < count; i++) controller.enqueue(new Uint8Array(bytes).fill(65 + i));
        controller.close();
      },
    });
  const post = (url: string, body: BodyInit) => fetch(url, { method: "POST", body, duplex: "half" } as RequestInit);

  it("[LS19] a body of up to the bound arrives whole, declared or in chunks", async () => {
    const { http } = await rig.open({ http: [echoBody] });
    expect(await (await post(`${http}/echo`, "b".repeat(1_000))).text()).toBe("b".repeat(1_000));
    expect(await (await post(`${http}/echo`, chunked(3, 300))).text()).toBe(
      ["A", "B", "C"].map((c) => c.repeat(300)).join(""),
    );
  });

  it("[LS19] a longer one is answered 413, which the client sees, and its connection stays usable", async () => {
    const { http, port } = await rig.open({ http: [echoBody] });
    expect((await post(`${http}/echo`, "b".repeat(1_001))).status).toBe(413);
    expect((await post(`${http}/echo`, chunked(4, 300))).status).toBe(413);
    const peer = rig.peers.raw(port);
    peer.socket.write(`POST /echo HTTP/1.1\r\nhost: test\r\ncontent-length: 500000\r\n\r\n`);
    await until(() => peer.text.startsWith("HTTP/1.1 413"));
    peer.socket.write("b".repeat(500_000));
    peer.socket.write("POST /echo HTTP/1.1\r\nhost: test\r\ncontent-length: 2\r\n\r\nok");
    await until(() => peer.text.endsWith("\r\n\r\nok"));
  });
}

function failures(rig: Rig): void {
  const secret = new Error("the database password is hunter2");
  const broken: Array<[string, HttpRoute["handle"], unknown]> = [
    [
      "throws",
      () => {
        throw secret;
      },
      secret,
    ],
    ["rejects", () => Promise.reject(secret), secret],
    [
      "sets a header that would split the reply",
      () => ({ status: 200, headers: { "x-name": "a\r\nset-cookie: b=c" } }),
      expect.any(Error),
    ],
    ["answers with a status that is none", () => ({ status: 42 }), expect.any(Error)],
  ];
  for (const [name, handle, failure] of broken) {
    it(`[LS20] a handler that ${name} is a bare 500, and reported`, async () => {
      const opened = await rig.open({ http: [get("/", handle)] });
      const reply = await fetch(opened.http);
      expect([reply.status, await reply.text(), reply.headers.get("set-cookie")]).toEqual([500, "", null]);
      expect(opened.failures).toEqual([failure]);
    });
  }
}

function aborts(rig: Rig): void {
  it("[LS22] a client that leaves before its answer harms nobody", async () => {
    const waiting: Array<() => void> = [];
    const handle = () =>
      new Promise<HttpReply>((resolve) => waiting.push(() => resolve({ status: 200, body: "late" })));
    const { http, port, failures } = await rig.open({ http: [get("/slow", handle), echoBody] });
    const leaving = rig.peers.raw(port);
    leaving.socket.write("GET /slow HTTP/1.1\r\nhost: test\r\n\r\n");
    await until(() => waiting.length === 1);
    leaving.socket.resetAndDestroy();
    const halfway = rig.peers.raw(port);
    halfway.socket.write("POST /echo HTTP/1.1\r\nhost: test\r\ncontent-length: 100\r\n\r\nhalf");
    const staying = fetch(`${http}/slow`);
    await until(() => waiting.length === 2);
    halfway.socket.resetAndDestroy();
    for (const finish of waiting) finish();
    expect(await (await staying).text()).toBe("late");
    expect(failures).toEqual([]);
  });
}
