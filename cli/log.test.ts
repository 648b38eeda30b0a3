import { FrontrowError } from "@frontrow/shared/errors.ts";
import { generateSigningKey } from "@frontrow/shared/identity/signed.ts";
import { generateSeatKey, type SeatClaims, signSeat } from "@frontrow/shared/seat-token.ts";
import { describe, expect, it } from "vitest";
import { createLog, type Logger } from "./log.ts";
import { withoutSecrets } from "./without-secrets.ts";

const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl";
const claims: SeatClaims = {
  metro: "fra",
  server: "7",
  boot: "b",
  room: "fra_7_abcde",
  mode: "arena",
  ticket: "t",
  seat: 0,
  gen: 1,
  sid: "s",
  player: "alice",
  guest: false,
  seats: 8,
  private: false,
  compat: "any",
  options: {},
  rtt: { minMs: 1, jitterMs: 1, loss: 0, samples: 5, verified: true },
  exp: 0,
};
/** The first shape for private keys asked for a word boundary, and a key that starts with a dash has none before it. */
const dashed = `-${"k".repeat(42)}.${"k".repeat(42)}-`;
const seatToken = signSeat(claims, Buffer.alloc(32));

function linesOf(json: boolean, say: (log: Logger) => void): string {
  const lines: string[] = [];
  say(createLog({ process: "edge", level: "info", json }, (line) => lines.push(line)));
  return lines.join("");
}

describe("secrets", () => {
  const places: Record<string, (log: Logger, secret: string) => void> = {
    "a field": (log, token) => log.info({ token }, "x"),
    "a nested field": (log, token) => log.info({ request: { jwt: token, deep: { _authToken: token } } }, "x"),
    "a header": (log, token) => log.info({ headers: { authorization: `Bearer ${token}` } }, "x"),
    "a field nobody foresaw": (log, token) => log.info({ whatever: { odd: [token] } }, "x"),
    "the message": (log, token) => log.info(`dialled /${token}/fra_7_abcde`),
    "a URL": (log, token) => log.info({ url: `/${token}/fra_7_abcde?sessionId=s&_authToken=${token}` }, "x"),
    "an exception": (log, token) => log.error(new Error(`bad ${token}`, { cause: new Error(token) })),
    "a child's bindings": (log, token) => log.child({ dial: `wss://h/${token}/r` }).info("x"),
  };

  for (const json of [true, false]) {
    it.each(Object.entries(places))(
      `[CF17] neither a JWT nor a seat token in %s is written (json: ${json})`,
      (_, say) => {
        for (const secret of [jwt, seatToken, generateSigningKey().privateText, dashed]) {
          const written = linesOf(json, (log) => say(log, secret));
          expect(written).not.toBe("");
          expect(written).not.toContain(secret);
          expect(written).not.toContain(secret.slice(0, 40));
        }
      },
    );
  }

  it("[CF17] a URL's user and password are not written, its host is", () => {
    expect(withoutSecrets("cannot reach redis://front:hunter2@10.0.0.1:6379/0")).toBe(
      "cannot reach redis://[redacted]@10.0.0.1:6379/0",
    );
    expect(withoutSecrets("GET /x?reconnectionToken=abc:def&y=1")).toBe("GET /x?reconnectionToken=[redacted]&y=1");
  });

  it("[CF17] what is no secret stays readable: room ids, public keys, nonces, stacks", () => {
    const fine = `room fra_7_x2Kd9 server 7 key ${generateSeatKey().publicKey} at file:///srv/frontrow/cli/log.ts:12:4`;
    expect(withoutSecrets(fine)).toBe(fine);
  });
});

describe("lines", () => {
  it("[CF18] production writes one JSON object a line, development one sentence", () => {
    const say = (log: Logger) => log.child({ metro: "fra" }).warn({ tries: 2 }, "link lost");
    const record = JSON.parse(linesOf(true, say));
    expect(record).toMatchObject({ level: "warn", process: "edge", metro: "fra", tries: 2, msg: "link lost" });
    expect(Date.parse(record.time)).not.toBeNaN();
    expect(linesOf(false, say)).toMatch(/^\d\d:\d\d:\d\d\.\d{3} warn edge: link lost {2}metro=fra {2}tries=2\n$/);
  });

  it("[CF18] a refusal is one line with its reason, because it was foreseen", () => {
    const err = new FrontrowError("INDEX_AWAY");
    expect(linesOf(false, (log) => log.warn({ err }, "rooms go on"))).toMatch(
      /^\S+ warn edge: rooms go on {2}reason=The lobby index does not answer\.\n$/,
    );
  });

  it("[CF18] less severe lines than the level are not written, and an error comes with its stack", () => {
    expect(linesOf(false, (log) => log.debug("x"))).toBe("");
    expect(linesOf(false, (log) => log.error({ err: new Error("boom") }))).toMatch(
      / error edge: boom\nError: boom\n {4}at /,
    );
  });
});
