/** Player tokens that are not what they say: on the edge's socket, over HTTP, and beside a seat at the game's door. */
import { createPublicKey } from "node:crypto";
import { errorCatalogue } from "@frontrow/shared/errors.ts";
import { describe, expect, it } from "vitest";
import { ask } from "./tools/ask.ts";
import { type Claims, createLoginKey, hs256, jwtOf, rs256, unsigned } from "./tools/jwt.ts";
import { heardBy, joined, outcomeOf } from "./tools/player.ts";
import { fleetScene } from "./tools/scene.ts";

const login = createLoginKey();
const thief = createLoginKey();
const iss = "https://login.example.com/";
const aud = "attacked-game";
const nowS = () => Math.floor(Date.now() / 1_000);
const claimsOf = (sub: unknown, over: Claims = {}): Claims => ({ sub, iss, aud, exp: nowS() + 300, ...over });
const RS256 = { alg: "RS256", typ: "JWT" };
const honest = (sub: string, over: Claims = {}) => jwtOf(RS256, claimsOf(sub, over), rs256(login));

const scene = fleetScene({
  jwt: async () => honest("neighbour"),
  env: {
    FRONTROW_JWT_KEY: login.pem.replaceAll("\n", "\\n"),
    FRONTROW_JWT_ISSUER: iss,
    FRONTROW_JWT_AUDIENCE: aud,
    FRONTROW_GUESTS: "no",
  },
});

async function helloWith(jwt: string | undefined, from: string): Promise<string> {
  if (jwt) scene.frontrow.secrets.add(jwt);
  const line = scene.dial(`${scene.url}/v1/ws`, { protocols: ["frontrow.v1.json"], from });
  await line.opened();
  line.send(JSON.stringify({ t: "hello", v: 1, jwt }));
  const { code } = await line.ended();
  const said = heardBy(line).find((message) => message.t === "error");
  expect(said ? errorCatalogue[said.code].close : 1006).toBe(code);
  if (jwt) expect(line.heard.join()).not.toContain(jwt.slice(0, 40));
  return said?.code ?? "cut";
}

async function askWith(jwt: string | undefined, from: string): Promise<string> {
  const headers: Record<string, string> = jwt === undefined ? {} : { authorization: `Bearer ${jwt}` };
  const { status, json, body } = await ask(`${scene.url}/matchmake/joinOrCreate/arena`, { body: "{}", headers, from });
  if (jwt) expect(body).not.toContain(jwt.slice(0, 40));
  return json?.code ?? `${status}`;
}

async function sitWith(jwt: string, from: string): Promise<unknown> {
  const player = await scene.enter({ jwt: honest("sitter") }, { from });
  const query = `&_authToken=${encodeURIComponent(jwt)}`;
  return outcomeOf(scene.dialSeat({ ...(await player.seat("skirmish")), query }, { from }));
}

const attacks: Record<string, () => string> = {
  "no algorithm": () => jwtOf({ alg: "none" }, claimsOf("victim"), unsigned),
  "no algorithm, spelt otherwise": () => jwtOf({ alg: "nOnE" }, claimsOf("victim"), unsigned),
  "no algorithm and a signature": () => jwtOf({ alg: "none" }, claimsOf("victim"), rs256(login)),
  "HS256 under the public key": () => jwtOf({ alg: "HS256" }, claimsOf("victim"), hs256(login.pem)),
  "HS256 under the trimmed public key": () => jwtOf({ alg: "HS256" }, claimsOf("victim"), hs256(login.pem.trim())),
  "HS256 under the public key's bytes": () =>
    jwtOf({ alg: "HS256" }, claimsOf("victim"), hs256(login.publicKey.export({ type: "spki", format: "der" }))),
  "HS256 under nothing": () => jwtOf({ alg: "HS256" }, claimsOf("victim"), hs256("")),
  "another key": () => jwtOf(RS256, claimsOf("victim"), rs256(thief)),
  "another key that it brings": () =>
    jwtOf({ ...RS256, jwk: createPublicKey(thief.pem).export({ format: "jwk" }) }, claimsOf("victim"), rs256(thief)),
  "a key id that is a path": () => jwtOf({ ...RS256, kid: "../../../../dev/null" }, claimsOf("victim"), hs256("")),
  "a key id that is a query": () => jwtOf({ ...RS256, kid: "' OR '1'='1" }, claimsOf("victim"), rs256(thief)),
  "an algorithm of another family": () => jwtOf({ alg: "ES256" }, claimsOf("victim"), rs256(login)),
  "an algorithm that is a list": () => jwtOf({ alg: ["RS256"] }, claimsOf("victim"), rs256(login)),
  "a demand that nobody knows": () => jwtOf({ ...RS256, crit: ["x"], x: 1 }, claimsOf("victim"), rs256(login)),
  "an altered subject": () => {
    const [header, , signature] = honest("thief").split(".");
    return `${header}.${Buffer.from(JSON.stringify(claimsOf("victim"))).toString("base64url")}.${signature}`;
  },
  "no signature": () => honest("victim").split(".").slice(0, 2).join("."),
  "an empty signature": () => `${honest("victim").split(".").slice(0, 2).join(".")}.`,
  "two more parts": () => `${honest("victim")}.a.b`,
  "another issuer": () => honest("victim", { iss: "https://evil.example.com/" }),
  "no issuer": () => honest("victim", { iss: undefined }),
  "another audience": () => honest("victim", { aud: "another-game" }),
  "no audience": () => honest("victim", { aud: undefined }),
  "no subject": () => honest("victim", { sub: undefined }),
  "no expiry": () => honest("victim", { exp: undefined }),
  "an expiry that is text": () => honest("victim", { exp: "tomorrow" }),
  "not yet valid": () => honest("victim", { nbf: nowS() + 600 }),
  "a payload that is no JSON": () => jwtOf(RS256, "not json", rs256(login)),
  "a payload that is a list": () => jwtOf(RS256, [claimsOf("victim")], rs256(login)),
  "a header that is no JSON": () => jwtOf("RS256", claimsOf("victim"), rs256(login)),
  ...Object.fromEntries(
    [
      "a\u0000b",
      "a\nb",
      "a\u001b[31m",
      "a b",
      "{fra}:meta",
      "../x",
      "__proto__",
      "guest_abcdefgh",
      "x".repeat(65),
      "",
      "\u202eabc",
      5,
      null,
      ["a"],
    ].map((sub) => [
      `the subject ${JSON.stringify(sub).slice(0, 20)}`,
      () => jwtOf(RS256, claimsOf(sub), rs256(login)),
    ]),
  ),
};

describe("a token that proves nothing", () => {
  it("[AT22] is AUTH_INVALID to the edge's socket and over HTTP", async () => {
    for (const [name, make] of Object.entries(attacks)) {
      const jwt = make();
      expect(await helloWith(jwt, "127.7.0.1"), name).toBe("AUTH_INVALID");
      expect(await askWith(jwt, "127.7.0.2"), name).toBe("AUTH_INVALID");
    }
  });

  it("[AT22] is AUTH_INVALID beside a seat", async () => {
    for (const [at, [name, make]] of Object.entries(attacks).entries()) {
      expect(await sitWith(make(), `127.7.1.${1 + (at % 16)}`), name).toBe(errorCatalogue.AUTH_INVALID.close);
    }
  });

  it("[AT22] is AUTH_EXPIRED once it has expired, AUTH_REQUIRED where it is missing, and refused whatever its size", async () => {
    const expired = honest("victim", { exp: nowS() - 60 });
    expect([await helloWith(expired, "127.7.2.1"), await askWith(expired, "127.7.2.1")]).toEqual([
      "AUTH_EXPIRED",
      "AUTH_EXPIRED",
    ]);
    expect([await helloWith(undefined, "127.7.2.1"), await askWith(undefined, "127.7.2.1")]).toEqual([
      "AUTH_REQUIRED",
      "AUTH_REQUIRED",
    ]);
    expect(["AUTH_REQUIRED", "AUTH_INVALID"]).toContain(await helloWith("", "127.7.2.1"));
    for (const bytes of [4_000, 9_000, 20_000]) {
      const huge = honest("victim", { padding: "x".repeat(bytes) });
      expect(["AUTH_INVALID", "BAD_MESSAGE", "cut"], `${bytes}`).toContain(await helloWith(huge, "127.7.2.2"));
      const over = await askWith(huge, "127.7.2.2").catch(() => "cut");
      expect(["AUTH_INVALID", "431", "cut"], `${bytes}`).toContain(over);
    }
  });
});

describe("another player's seat", () => {
  it("[AT23] is SEAT_FOREIGN to whoever brings a token of their own, and is not spent by that", async () => {
    const victim = await scene.enter({ jwt: honest("victim") }, { from: "127.7.3.1" });
    const seat = await victim.seat("skirmish");
    const jwt = honest("thief");
    scene.frontrow.secrets.add(jwt);
    const stolen = scene.dialSeat({ ...seat, query: `&_authToken=${jwt}` }, { from: "127.7.3.2" });
    expect(await outcomeOf(stolen)).toBe(errorCatalogue.SEAT_FOREIGN.close);
    const own = scene.dialSeat({ ...seat, query: `&_authToken=${honest("victim")}` }, { from: "127.7.3.1" });
    expect(await joined(own)).toBe(true);
  });
});

describe("players who leave while they are verified", () => {
  it("[AT32] leave no session behind, on the edge or on the matchmaker", async () => {
    const jwts = Array.from({ length: 60 }, (_, at) => honest(`hasty-${at}`));
    const lines = jwts.map((jwt, at) => {
      const line = scene.dial(`${scene.url}/v1/ws`, {
        protocols: ["frontrow.v1.json"],
        from: `127.7.4.${1 + (at % 4)}`,
      });
      line.socket.once("open", () => {
        line.send(JSON.stringify({ t: "hello", v: 1, jwt }));
        line.socket.close();
      });
      return line;
    });
    for (const line of lines) await line.ended();
    const sessions = async () => [
      await scene.frontrow.member("edge").metric("frontrow_edge_sessions"),
      await scene.frontrow.member("matchmaker").metric("frontrow_matchmaker_sessions"),
    ];
    await expect.poll(sessions, { timeout: 5_000 }).toEqual([1, 1]);
  });
});

it("[AT30] afterwards every process answers, none threw, and no log holds a secret", async () => {
  expect(await scene.frontrow.problems()).toEqual([]);
});
