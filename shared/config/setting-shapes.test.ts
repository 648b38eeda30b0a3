import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRedisUrl, RedisUrl } from "./redis-url.ts";
import * as shapes from "./setting-shapes.ts";

const PEM =
  "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA8k3MfUh7472bdrNu00TWRS6HmpqWcN0n95PNw1eUiro=\n-----END PUBLIC KEY-----";

describe("keys of player tokens", () => {
  it("[CF13] the beginning of the text alone says whether it is a public key or a secret", () => {
    expect(shapes.PlayerTokenKey.parse(PEM)).toEqual({ kind: "public", pem: PEM });
    expect(shapes.PlayerTokenKey.parse(PEM.replaceAll("\n", "\\n"))).toEqual({ kind: "public", pem: PEM });
    const secret = "x".repeat(32);
    expect(shapes.PlayerTokenKey.parse(`hs256:${secret}`)).toEqual({ kind: "secret", secret });
  });

  it.each([
    ["a bare secret", "x".repeat(64), "must be a PEM public key"],
    ["a short secret", "hs256:short", "at least 32"],
    ["a private key", PEM.replaceAll("PUBLIC", "PRIVATE"), "is a private key"],
    ["half a public key", PEM.slice(0, 60), "must be a PEM public key"],
  ])("[CF13] %s is refused", (_, text, sentence) => {
    expect(shapes.PlayerTokenKey.safeParse(text).error?.issues[0]?.message).toContain(sentence);
  });
});

describe("addresses", () => {
  it("[CF14] a public address is host, port and path, and says whether it is secure", () => {
    const parse = (text: string) => shapes.PublicAddress.safeParse(text).data;
    expect(parse("wss://play.example.com/gs-7/")).toEqual({ publicAddress: "play.example.com/gs-7", secure: true });
    expect(parse("https://play.example.com:8443")).toEqual({ publicAddress: "play.example.com:8443", secure: true });
    expect(parse("ws://[::1]:2568")).toEqual({ publicAddress: "[::1]:2568", secure: false });
    for (const wrong of ["play.example.com", "ftp://a", "wss://a?x=1", "wss://u:p@a", "wss://"]) {
      expect(parse(wrong), wrong).toBeUndefined();
    }
  });

  it("[CF14] metro links are metro=url, each matchmaker once, with the path of links", () => {
    const parse = (text: string) => shapes.MetroLinks.safeParse(text).data;
    expect(parse("fra=wss://a.example.com/x, ams=ws://b:2600")).toEqual([
      { metro: "fra", url: "wss://a.example.com/x/v1/link" },
      { metro: "ams", url: "ws://b:2600/v1/link" },
    ]);
    expect(parse("fra=ws://b:2600/v1/link/")).toEqual([{ metro: "fra", url: "ws://b:2600/v1/link" }]);
    // The replicas of a metro.
    expect(parse("fra=ws://a,fra=ws://b")?.map(({ metro }) => metro)).toEqual(["fra", "fra"]);
    for (const wrong of ["", "wss://a", "FRA=wss://a", "fra=http://a", "fra=wss://a,fra=wss://a/", "fra="]) {
      expect(parse(wrong), wrong).toBeUndefined();
    }
  });

  it("[CF14] origins are exact, any page is a word, and so is none", () => {
    const parse = (text: string) => shapes.Origins.safeParse(text).data;
    expect(parse("*")).toBe("any");
    expect(parse("none")).toEqual([]);
    expect(parse("https://a.example.com, http://localhost:5173")).toEqual([
      "https://a.example.com",
      "http://localhost:5173",
    ]);
    for (const wrong of ["https://a/", "a.example.com", "https://a,*", "https://*.example.com/", "null"]) {
      expect(parse(wrong), wrong).toBeUndefined();
    }
  });

  it("[CF14] proxies are addresses or ranges", () => {
    const parse = (text: string) => shapes.Proxies.safeParse(text).data;
    expect(parse("10.0.0.0/8, ::1, 127.0.0.1, fd00::/8")).toHaveLength(4);
    expect(parse("none")).toEqual([]);
    for (const wrong of ["proxy.example.com", "10.0.0.0/33", "10.0.0", "*"])
      expect(parse(wrong), wrong).toBeUndefined();
  });
});

describe("REDIS_URL", () => {
  const node = (host: string, port: number) => ({ host, port });

  it("[CF15] names one node, with user, password, TLS and database", () => {
    expect(parseRedisUrl("redis://127.0.0.1")).toEqual({
      kind: "single",
      nodes: [node("127.0.0.1", 6379)],
      tls: false,
      db: 0,
      masterName: "",
    });
    expect(parseRedisUrl("rediss://front:p%40ss:word@redis.example.com:6380/2")).toEqual({
      kind: "single",
      nodes: [node("redis.example.com", 6380)],
      tls: true,
      username: "front",
      password: "p@ss:word",
      db: 2,
      masterName: "",
    });
    expect(parseRedisUrl("redis://:secret@[::1]:7000")).toMatchObject({
      password: "secret",
      nodes: [node("::1", 7000)],
    });
  });

  it("[CF15] names Sentinels with their master, or the masters of a Cluster", () => {
    expect(parseRedisUrl("redis+sentinel://a,b:26380/main/1")).toEqual({
      kind: "sentinel",
      nodes: [node("a", 26379), node("b", 26380)],
      tls: false,
      db: 1,
      masterName: "main",
    });
    expect(parseRedisUrl("rediss+cluster://:pw@a:7000,b:7001")).toEqual({
      kind: "cluster",
      nodes: [node("a", 7000), node("b", 7001)],
      tls: true,
      password: "pw",
    });
  });

  it.each([
    "127.0.0.1:6379",
    "http://127.0.0.1",
    "redis://",
    "redis://a,b",
    "redis://a:99999",
    "redis://a/x",
    "redis+sentinel://a,b",
    "redis+cluster://a,b/1",
  ])("[CF15] %s is refused with a sentence", (text) => {
    expect(parseRedisUrl(text)).toEqual(expect.any(String));
    expect(RedisUrl.safeParse(text).success).toBe(false);
  });

  it("[CF15] any text is either a target or a sentence", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string(), (junk, password) => {
        const parsed = parseRedisUrl(junk);
        expect(typeof parsed === "string" || parsed.nodes.length > 0).toBe(true);
        expect(parseRedisUrl(`redis://u:${encodeURIComponent(password)}@h`)).toMatchObject(
          password ? { password } : {},
        );
      }),
    );
  });
});
