/** Player tokens whose keys are fetched: what a token says of its own key must neither be believed nor cause a fetch. */
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import { errorCatalogue } from "@frontrow/shared/errors.ts";
import { afterAll, expect, it } from "vitest";
import { freePort } from "../support/frontrow.ts";
import { createLoginKey, hs256, jwtOf, rs256 } from "./tools/jwt.ts";
import { heardBy } from "./tools/player.ts";
import { devScene } from "./tools/scene.ts";

const [login, thief] = [createLoginKey(), createLoginKey()];
const curve = generateKeyPairSync("ec", { namedCurve: "P-256" });
const [iss, aud] = ["https://login.example.com/", "attacked-game"];
const [keysPort, thiefPort] = [await freePort(), await freePort()];

/** Serves `keys`, and counts who asked. */
function serveKeys(port: number, keys: object[]): { server: Server; asked(): number } {
  let asked = 0;
  const server = createServer((_, response) => {
    asked++;
    response.setHeader("content-type", "application/json").end(JSON.stringify({ keys }));
  });
  server.listen(port, "127.0.0.1");
  return { server, asked: () => asked };
}

const rsaJwk = { ...login.publicKey.export({ format: "jwk" }), kid: "rsa" };
const ecJwk = { ...curve.publicKey.export({ format: "jwk" }), kid: "ec" };
const listed = serveKeys(keysPort, [rsaJwk, ecJwk]);
const lure = serveKeys(thiefPort, [{ ...thief.publicKey.export({ format: "jwk" }), kid: "rsa" }]);
afterAll(() => {
  listed.server.close();
  lure.server.close();
});

const claimsOf = (sub: string) => ({ sub, iss, aud, exp: Math.floor(Date.now() / 1_000) + 300 });
const RS256 = { alg: "RS256", kid: "rsa" };
const honest = (sub: string) => jwtOf(RS256, claimsOf(sub), rs256(login));

const scene = devScene({
  jwt: async () => honest("neighbour"),
  env: {
    FRONTROW_JWKS_URL: `http://127.0.0.1:${keysPort}/keys`,
    FRONTROW_JWT_ISSUER: iss,
    FRONTROW_JWT_AUDIENCE: aud,
    FRONTROW_GUESTS: "no",
  },
});

async function helloWith(jwt: string, from: string): Promise<string> {
  scene.frontrow.secrets.add(jwt);
  const line = scene.dial(`${scene.url}/v1/ws`, { protocols: ["frontrow.v1.json"], from });
  await line.opened();
  line.send(JSON.stringify({ t: "hello", v: 1, jwt }));
  const { code } = await line.ended();
  const said = heardBy(line).find((message) => message.t === "error");
  expect(said ? errorCatalogue[said.code].close : undefined).toBe(code);
  return said!.code;
}

it("[AT22] a token is verified by the listed key of its kind, never by one that it names, brings or derives", async () => {
  const url = `http://127.0.0.1:${thiefPort}/keys`;
  const jwk = { ...thief.publicKey.export({ format: "jwk" }), kid: "rsa" };
  const attacks: Record<string, string> = {
    "a place where its keys are": jwtOf({ ...RS256, jku: url }, claimsOf("victim"), rs256(thief)),
    "a place where its certificate is": jwtOf({ ...RS256, x5u: url }, claimsOf("victim"), rs256(thief)),
    "a key that it brings": jwtOf({ ...RS256, jwk }, claimsOf("victim"), rs256(thief)),
    "the key id of another kind of key": jwtOf({ ...RS256, kid: "ec" }, claimsOf("victim"), rs256(login)),
    "no key id": jwtOf({ alg: "RS256" }, claimsOf("victim"), rs256(thief)),
    "a key id that is a path": jwtOf({ ...RS256, kid: "../../dev/null" }, claimsOf("victim"), rs256(thief)),
    "a key id that is a list": jwtOf({ ...RS256, kid: ["rsa"] }, claimsOf("victim"), rs256(thief)),
    "HS256 under the listed modulus": jwtOf(
      { alg: "HS256", kid: "rsa" },
      claimsOf("victim"),
      hs256(rsaJwk.n as string),
    ),
    "HS256 under the listed text": jwtOf(
      { alg: "HS256", kid: "rsa" },
      claimsOf("victim"),
      hs256(JSON.stringify(rsaJwk)),
    ),
    "HS256 under the PEM": jwtOf({ alg: "HS256", kid: "rsa" }, claimsOf("victim"), hs256(login.pem)),
  };
  for (const [name, jwt] of Object.entries(attacks))
    expect(await helloWith(jwt, "127.8.0.1"), name).toBe("AUTH_INVALID");
  expect(lure.asked()).toBe(0);
  expect((await scene.enter({ jwt: honest("player") }, { from: "127.8.0.2" })).playerId).toBe("player");
});

it("[AT22] a flood of made-up key ids is not passed on to whoever serves the keys", async () => {
  const before = listed.asked();
  const lines = Array.from({ length: 60 }, (_, at) => {
    const jwt = jwtOf({ ...RS256, kid: randomUUID() }, claimsOf("victim"), rs256(thief));
    return helloWith(jwt, `127.8.1.${1 + (at % 4)}`);
  });
  expect(new Set(await Promise.all(lines))).toEqual(new Set(["AUTH_INVALID"]));
  // Edge, matchmaker and game server verify, each with its own cooldown of five seconds.
  expect(listed.asked() - before).toBeLessThanOrEqual(9);
});

it("[AT30] afterwards every process answers, none threw, and no log holds a secret", async () => {
  expect(await scene.frontrow.problems()).toEqual([]);
});
