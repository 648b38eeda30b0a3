import { expect, it } from "vitest";
import { WebSocket } from "ws";
import { upgradeRequest } from "../../support/upgrade-request.ts";
import { get, type Rig, recordingRoute, until } from "./rig.ts";

export function upgradeRules(rig: Rig): void {
  subprotocols(rig);
  refusals(rig);
  routing(rig);
}

function subprotocols(rig: Rig): void {
  const cases: Array<[offered: string[], chosen: string | undefined, answered: string]> = [
    [["a", "b"], "b", "b"],
    [["a", "b"], undefined, "a"],
    [["a", "b"], "other", "a"],
    [[], "b", ""],
  ];
  for (const [offered, chosen, answered] of cases) {
    it(`[LS2] offered ${offered.join()}, chosen ${chosen}: answered "${answered}"`, async () => {
      const { route, seen } = recordingRoute({ upgrade: () => ({ accept: "", protocol: chosen }) });
      const { ws } = await rig.open({ sockets: [route] });
      const peer = await rig.peers.ws(`${ws}/ws`, offered);
      expect(peer.socket.protocol).toBe(answered);
      expect(seen.sockets[0]!.protocol).toBe(answered);
    });
  }
}

/** Status, headers and body with which an upgrade was refused. */
function refused(url: string) {
  const socket = new WebSocket(url);
  return new Promise<{ status: number | undefined; reason: string | string[] | undefined; body: string }>(
    (resolve, reject) => {
      socket.on("open", () => reject(new Error("it was accepted")));
      socket.on("error", reject);
      socket.on("unexpected-response", async (_, response) => {
        let body = "";
        for await (const chunk of response) body += chunk;
        resolve({ status: response.statusCode, reason: response.headers["x-reason"], body });
      });
    },
  );
}

function refusals(rig: Rig): void {
  it("[LS3] a refused upgrade gets the route's status, headers and body, and opens nothing", async () => {
    const refuse = { status: 403, headers: { "x-reason": "origin" }, body: "not from there" };
    const { route, seen } = recordingRoute({ upgrade: () => ({ refuse }) });
    const { ws } = await rig.open({ sockets: [route] });
    expect(await refused(`${ws}/ws`)).toEqual({ status: 403, reason: "origin", body: "not from there" });
    expect(seen).toMatchObject({ sockets: [], closes: [] });
  });

  it("[LS3] a route that throws refuses with a bare 500", async () => {
    const upgrade = () => {
      throw new Error("the database password is hunter2");
    };
    const { route, seen } = recordingRoute({ upgrade });
    const { ws, failures } = await rig.open({ sockets: [route] });
    expect(await refused(`${ws}/ws`)).toEqual({ status: 500, reason: undefined, body: "" });
    expect(failures).toEqual([new Error("the database password is hunter2")]);
    expect(seen.sockets).toEqual([]);
  });

  it("[LS3] handshakes that cannot become a socket are refused before the route is asked", async () => {
    const { route, seen } = recordingRoute({
      upgrade: (head) => {
        seen.heads.push(head);
        return { accept: "" };
      },
    });
    const { port } = await rig.open({ sockets: [route] });
    const status = async (headers: Record<string, string>) => {
      const peer = rig.peers.raw(port);
      peer.socket.write(upgradeRequest("/ws", headers));
      return (await until(() => /^HTTP\/1.1 (\d+)/.exec(peer.text)))[1];
    };
    expect(await status({ "sec-websocket-version": "8" })).toBe("426");
    expect(await status({ "sec-websocket-key": "!".repeat(24) })).toBe("400");
    expect(await status({ "sec-websocket-key": "short" })).toBe("404");
    expect(seen.heads).toEqual([]);
  });
}

function routing(rig: Rig): void {
  it("[LS4] the first route of the list that fits answers, and its values arrive decoded", async () => {
    const names = ["/v1/:x", "/v1/ws", "/:seat/:roomId", "/files/*"];
    const opened: unknown[] = [];
    const sockets = names.map((path) => {
      const upgrade = recordingRoute({ path, upgrade: (head) => ({ accept: JSON.stringify([path, head.params]) }) });
      return { ...upgrade.route, open: (socket: { data: string }) => void opened.push(JSON.parse(socket.data)) };
    });
    const { ws } = await rig.open({ sockets });
    for (const path of ["/v1/ws", "/tok%2Fen/fra_7_x", "/files/a/b/c", "/files/a"]) await rig.peers.ws(`${ws}${path}`);
    for (const path of ["/", "/v1", "/a//", "/a/%zz", "/files"])
      expect(await refused(ws + path)).toMatchObject({ status: 404 });
    await until(() => opened.length === 4);
    expect(opened).toEqual([
      ["/v1/:x", { x: "ws" }],
      ["/:seat/:roomId", { seat: "tok/en", roomId: "fra_7_x" }],
      ["/files/*", {}],
      ["/:seat/:roomId", { seat: "files", roomId: "a" }],
    ]);
  });

  it("[LS4] a head keeps its values after the upgrade", async () => {
    const { route, seen } = recordingRoute({
      upgrade: (head) => {
        seen.heads.push(head);
        return { accept: "" };
      },
    });
    const { ws } = await rig.open({ sockets: [route] });
    await rig.peers.ws(`${ws}/ws?a=1&b=%20x&a=2`, ["p"], {
      headers: { origin: "https://game.example", "x-two": ["1", "2"] as unknown as string },
    });
    const head = seen.heads[0]!;
    expect(head).toMatchObject({ method: "GET", path: "/ws", address: "127.0.0.1", secure: false, params: {} });
    expect([head.query.getAll("a"), head.query.get("b")]).toEqual([["1", "2"], " x"]);
    expect([head.header("origin"), head.header("x-two"), head.header("x-none")]).toEqual([
      "https://game.example",
      "1, 2",
      "",
    ]);
  });

  it("[LS4] a request for another protocol is an ordinary request", async () => {
    const { route } = recordingRoute({ path: "/both" });
    const handle = () => ({ status: 200, body: "plain" });
    const { port } = await rig.open({ sockets: [route], http: [get("/both", handle), get("/http", handle)] });
    const answered = async (path: string, headers: Record<string, string>) => {
      const peer = rig.peers.raw(port);
      peer.socket.write(upgradeRequest(path, headers));
      await until(() => peer.text.endsWith("plain"));
    };
    await answered("/both", { upgrade: "h2c", "http2-settings": "AAMAAABkAAQAAP__" });
    await answered("/http", {});
  });
}
