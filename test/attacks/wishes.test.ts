/** Wishes that cannot be granted: modes, options, rooms and bodies that are wrong, over the socket and over HTTP. */
import { describe, expect, it } from "vitest";
import { ask } from "./tools/ask.ts";
import { jsonBombs } from "./tools/bombs.ts";
import { fleetScene } from "./tools/scene.ts";

const scene = fleetScene();
/** As long as a message may be; */
const longName = "x".repeat(8_000);
/** Names that mean something to JavaScript, to file systems, to Redis or to URLs. */
const hostileNames = [
  "__proto__",
  "constructor",
  "toString",
  "..",
  "../../etc/passwd",
  "a b",
  "{fra}:meta",
  "\0",
  "%00",
  "",
];

const post = (path: string, body: string | Uint8Array, from = "127.4.0.1") =>
  ask(`${scene.url}${path}`, { body, from, headers: { "content-type": "application/json" } });

describe("modes", () => {
  it("[AT15] an unknown mode is refused with the nearest name, on the socket and over HTTP", async () => {
    const player = await scene.enter({}, { from: "127.4.0.2" });
    for (const t of ["play", "create"]) {
      const answer = await player.wish({ t, mode: "arenna", private: false });
      expect(answer).toMatchObject({
        code: "UNKNOWN_MODE",
        message: expect.stringContaining('"arena"'),
        retryable: false,
      });
    }
    for (const method of ["joinOrCreate", "join", "create"]) {
      const { status, json } = await post(`/matchmake/${method}/skirmisch`, "{}");
      expect([status, json.code]).toEqual([404, "UNKNOWN_MODE"]);
      expect(json.error).toContain('"skirmish"');
    }
  });

  it("[AT15] names that mean something elsewhere are unknown modes or none of the protocol", async () => {
    for (const mode of [...hostileNames, longName]) {
      const socket = await scene.enter({}, { from: "127.4.0.3" });
      socket.say({ t: "play", id: "a", mode });
      const { code } = await socket.hear("error");
      expect(["UNKNOWN_MODE", "BAD_MESSAGE"], mode.slice(0, 20)).toContain(code);
    }
    for (const mode of [...hostileNames.map(encodeURIComponent), longName.repeat(2), "%", "%zz", "%c0%af"]) {
      const { status } = await post(`/matchmake/joinOrCreate/${mode}`, "{}");
      expect([404, 405, 431], mode.slice(0, 20)).toContain(status);
      const rooms = await ask(`${scene.url}/v1/rooms?mode=${mode}`, { from: "127.4.0.4" });
      expect([404, 431], mode.slice(0, 20)).toContain(rooms.status);
    }
  });
});

describe("options", () => {
  const wrong = [
    { name: "" },
    { name: 1 },
    { name: "x".repeat(17) },
    { name: "a\u0000b" },
    { name: { toString: "x" } },
  ];

  it("[AT16] options that do not fit the mode are refused with every issue, by path", async () => {
    const player = await scene.enter({}, { from: "127.4.1.1" });
    for (const options of wrong) {
      const answer = await player.wish({ t: "play", mode: "arena", options });
      expect(answer).toMatchObject({ code: "INVALID_ATTRIBUTES", issues: [expect.stringMatching(/^name: ./)] });
      const { status, json } = await post("/matchmake/joinOrCreate/arena", JSON.stringify(options), "127.4.1.2");
      expect([status, json.code, json.issues]).toEqual([
        422,
        "INVALID_ATTRIBUTES",
        [expect.stringMatching(/^name: ./)],
      ]);
    }
  });

  it("[AT16] options over 512 bytes are refused, however they are counted", async () => {
    const player = await scene.enter({}, { from: "127.4.1.3" });
    for (const options of [{ a: "x".repeat(600) }, { a: "\u00e9".repeat(300) }, { a: Array(300).fill(0) }]) {
      expect(await player.wish({ t: "play", mode: "skirmish", options })).toMatchObject({ code: "INVALID_ATTRIBUTES" });
    }
  });

  it("[AT16] own prototypes in options change nobody's prototype, here or in the room", async () => {
    const player = await scene.enter({}, { from: "127.4.1.4" });
    const options = JSON.parse('{"__proto__":{"name":5},"constructor":{"prototype":{"name":5}}}');
    for (const mode of ["arena", "skirmish"])
      expect(await player.wish({ t: "play", mode, options })).toHaveProperty("token");
    const after = await scene.enter({}, { from: "127.4.1.5" });
    expect(await after.wish({ t: "play", mode: "arena", options: { name: "honest" } })).toHaveProperty("token");
  });
});

describe("rooms", () => {
  const ids = [...hostileNames, "fra_1_", "fra_1_nowhere", "ams_1_abcdef", "fra_2_abcdef", "fra_1_a/../b", longName];

  it("[AT17] a room id that names nothing, or something else, is ROOM_NOT_FOUND or none of the protocol", async () => {
    for (const roomId of ids) {
      const player = await scene.enter({}, { from: "127.4.2.1" });
      player.say({ t: "join", id: "a", room: { roomId } });
      const { code } = await player.hear("error");
      expect(["ROOM_NOT_FOUND", "BAD_MESSAGE"], roomId.slice(0, 20)).toContain(code);
    }
  });

  it("[AT17] nor does it lead anywhere over HTTP, on the edge or on the game server", async () => {
    const gameServer = scene.frontrow.member("game-server 1").url;
    for (const roomId of ids.map(encodeURIComponent)) {
      for (const method of ["joinById", "reconnect", "delete", "__proto__", "constructor"]) {
        const body = JSON.stringify({ reconnectionToken: "abcdefghijkl.secret" });
        const { status } = await post(`/matchmake/${method}/${roomId}`, body, "127.4.2.2");
        // A server that exists is where the reconnection of its rooms is judged.
        const expected = method === "reconnect" ? [200, 404, 405, 410, 431] : [404, 405, 431];
        expect(expected, `${method} ${roomId.slice(0, 20)}`).toContain(status);
      }
      for (const path of [`/${roomId}`, `/r/${roomId}`, `/matchmake/joinOrCreate/${roomId}`]) {
        const { status } = await ask(`${gameServer}${path}`, { from: "127.4.2.3" });
        expect([400, 404, 431], path.slice(0, 40)).toContain(status);
      }
    }
  });

  it("[AT17] a room code that is none is CODE_UNKNOWN or none of the protocol", async () => {
    for (const code of [...hostileNames, "FRA-ABCDEFGH", "AMS-ABCDEFGH", "________", longName]) {
      const player = await scene.enter({}, { from: "127.4.2.4" });
      player.say({ t: "join", id: "a", room: { code } });
      expect(["CODE_UNKNOWN", "BAD_MESSAGE", "RATE_LIMITED"], code).toContain((await player.hear("error")).code);
    }
  });
});

describe("HTTP", () => {
  it("[AT1] bodies that are bombs or no JSON are BAD_MESSAGE", async () => {
    const bodies = { ...jsonBombs(8_000), "a list": "[]", text: '"x"', "no UTF-8": Buffer.from([0x22, 0xff, 0x22]) };
    for (const [name, body] of Object.entries(bodies)) {
      const { status, json } = await post("/matchmake/joinOrCreate/arena", body, "127.4.3.1");
      // An empty body is no options; a huge key and own prototypes are options of the wrong shape or size, or of none.
      const isObject = ["nothing", "a huge key", "many keys", "an own prototype"].includes(name);
      expect(isObject ? [200, 400, 422] : [400], name).toContain(status);
      if (status === 200) scene.frontrow.secrets.add(json.processId);
    }
  });

  it("[AT2] a body over the bound is 413, a head over the bound 431", async () => {
    expect((await post("/matchmake/joinOrCreate/arena", "x".repeat(8_193), "127.4.3.2")).status).toBe(413);
    const headers = { cookie: "x".repeat(17_000) };
    const answers = ["/v1/rooms?mode=arena", "/v1/ws"].map((path) =>
      ask(`${scene.url}${path}`, { headers, from: "127.4.3.2" }).then(
        ({ status }) => status,
        () => "cut",
      ),
    );
    for (const status of await Promise.all(answers)) expect([431, "cut"]).toContain(status);
  });

  it("[AT17] numbers and cursors of a page that are none are BAD_MESSAGE", async () => {
    for (const query of [
      "limit=0",
      "limit=-1",
      "limit=101",
      "limit=1e9",
      "limit=NaN",
      "limit=0x10x",
      "after=../../",
      "after=fra",
    ]) {
      const { status, json } = await ask(`${scene.url}/v1/rooms?mode=arena&${query}`, { from: "127.4.3.3" });
      expect([status, json.code], query).toEqual([400, "BAD_MESSAGE"]);
    }
  });
});

it("[AT30] afterwards every process answers, none threw, and no log holds a secret", async () => {
  expect(await scene.frontrow.problems()).toEqual([]);
});
