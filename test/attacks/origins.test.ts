/** Pages of origins that are not listed: on the socket, over HTTP, and when a browser asks beforehand. */
import { describe, expect, it } from "vitest";
import { ask } from "./tools/ask.ts";
import { devScene } from "./tools/scene.ts";

const LISTED = "https://play.example.com";
const scene = devScene({ env: { FRONTROW_ORIGINS: `${LISTED},https://second.example.com` } });
const from = "127.12.0.1";

const others = () => [
  "https://evil.example.com",
  "http://play.example.com",
  "https://play.example.com:8443",
  "https://play.example.com.evil.com",
  "https://evilplay.example.com",
  "https://play.example.com/",
  "https://user@play.example.com",
  `${LISTED}, https://evil.example.com`,
  `${LISTED} `.padEnd(40, "x"),
  "null",
  "file://",
  scene.url,
  "*",
  "x".repeat(4_000),
];

describe("pages of other origins", () => {
  it("[AT29] open no socket", async () => {
    for (const origin of others()) {
      const line = scene.dial(`${scene.url}/v1/ws`, { protocols: ["frontrow.v1"], from, headers: { origin } });
      const { status, body } = await line.ended();
      expect([status, JSON.parse(body!).code], origin.slice(0, 60)).toEqual([403, "ORIGIN_FORBIDDEN"]);
    }
  });

  it("[AT29] get no answer over HTTP, and none that they may read", async () => {
    for (const origin of others()) {
      for (const [path, body] of [["/v1/rooms?mode=arena"], ["/matchmake/joinOrCreate/arena", "{}"]] as const) {
        const answer = await ask(`${scene.url}${path}`, { headers: { origin }, from, ...(body ? { body } : {}) });
        expect([answer.status, answer.json.code], origin.slice(0, 60)).toEqual([403, "ORIGIN_FORBIDDEN"]);
        expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
      }
    }
  });

  it("[AT29] are told no when their browser asks beforehand", async () => {
    for (const origin of others()) {
      for (const path of ["/matchmake/joinOrCreate/arena", "/v1/rooms"]) {
        const headers = { origin, "access-control-request-method": "POST" };
        const answer = await ask(`${scene.url}${path}`, { method: "OPTIONS", headers, from });
        expect(answer.status, origin.slice(0, 60)).toBe(403);
        expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
      }
    }
  });
});

it("[AT29] a listed page is served, alone and by name; so is a program that is no page", async () => {
  const headers = { origin: LISTED };
  const line = scene.dial(`${scene.url}/v1/ws`, { protocols: ["frontrow.v1"], from, headers });
  expect(await line.opened()).toBe(true);
  const rooms = await ask(`${scene.url}/v1/rooms?mode=arena`, { headers, from });
  expect([rooms.status, rooms.headers["access-control-allow-origin"]]).toEqual([200, LISTED]);
  expect(rooms.headers.vary).toMatch(/origin/i);
  const preflight = await ask(`${scene.url}/matchmake/joinOrCreate/arena`, { method: "OPTIONS", headers, from });
  expect([preflight.status, preflight.headers["access-control-allow-origin"]]).toEqual([204, LISTED]);
  expect((await ask(`${scene.url}/v1/rooms?mode=arena`, { from })).status).toBe(200);
});

it("[AT30] afterwards every process answers, none threw, and no log holds a secret", async () => {
  expect(await scene.frontrow.problems()).toEqual([]);
});
