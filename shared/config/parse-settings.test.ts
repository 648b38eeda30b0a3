import { describe, expect, it } from "vitest";
import { generateSigningKey, signingKeyFrom } from "../identity/signed.ts";
import { deriveSeatKey, generateSeatKey, publicHalf } from "../seat-token.ts";
import { devKeys } from "./dev-keys.ts";
import { ConfigurationError, type Environment, parseSettings } from "./parse-settings.ts";
import { type ProcessKind, processKinds, type Setting, settingsTable } from "./settings.ts";

const redis = { REDIS_URL: "redis://127.0.0.1:6379" };
const link = generateSigningKey();
const fleet = generateSigningKey();
const issuer = generateSeatKey();
const jwt = { FRONTROW_JWT_KEY: `hs256:${"s".repeat(40)}` };

/** Environments with which each process starts in production. */
const production = {
  edge: {
    NODE_ENV: "production",
    FRONTROW_EDGE: "edge-1",
    FRONTROW_METROS: "fra=wss://mm.fra.example.com,ams=wss://mm.ams.example.com",
    FRONTROW_ORIGINS: "https://play.example.com",
    FRONTROW_LINK_KEY: link.privateText,
    FRONTROW_LINK_PEERS: link.publicKey,
    ...jwt,
  },
  matchmaker: {
    NODE_ENV: "production",
    ...redis,
    FRONTROW_METRO: "fra",
    FRONTROW_LINK_KEY: link.privateText,
    FRONTROW_LINK_PEERS: link.publicKey,
    FRONTROW_FLEET_KEYS: fleet.publicKey,
    FRONTROW_ISSUER_KEY: issuer.privateText,
    ...jwt,
  },
  "game-server": {
    NODE_ENV: "production",
    ...redis,
    FRONTROW_METRO: "fra",
    FRONTROW_PUBLIC_URL: "wss://play.example.com/gs-7/",
    FRONTROW_FLEET_KEY: fleet.privateText,
    FRONTROW_ISSUER_KEYS: `${issuer.publicKey}, ${generateSeatKey().publicKey}`,
  },
} as const satisfies Partial<Record<ProcessKind, Environment>>;

function problemsOf(kind: ProcessKind, env: Environment): readonly string[] {
  try {
    parseSettings(kind, env);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
}

describe("what a process reads", () => {
  it("[CF1] every process starts without configuration outside production, where it has the Redis that it needs", () => {
    for (const kind of processKinds) expect(problemsOf(kind, redis), kind).toEqual([]);
    expect(parseSettings("dev", {})).toMatchObject({ port: 2567, guests: true, redis: undefined, metro: "local" });
    expect(parseSettings("matchmaker", redis)).toMatchObject({ port: 2600, adminPort: 9601, host: "127.0.0.1" });
  });

  it("[CF1] an empty variable counts as not given", () => {
    expect(parseSettings("edge", { PORT: " ", FRONTROW_GUESTS: "" })).toMatchObject({ port: 2567, guests: true });
  });

  it("[CF2] a process holds no setting that it does not read, and ignores what other processes read", () => {
    const edge = parseSettings("edge", { ...production.matchmaker, ...production.edge });
    expect(edge).not.toHaveProperty("issuerKey");
    expect(edge).not.toHaveProperty("redis");
    expect(parseSettings("game-server", { ...redis, FRONTROW_METROS: "nonsense" })).not.toHaveProperty("metros");
  });

  it("[CF3] the settings are frozen to the bottom", () => {
    const settings = parseSettings("edge", { FRONTROW_METROS: "fra=wss://a.example.com" });
    expect(Object.isFrozen(settings)).toBe(true);
    expect(Object.isFrozen(settings.metros)).toBe(true);
    expect(Object.isFrozen(settings.metros[0])).toBe(true);
  });

  it("[CF4] processes started apart with the development keys trust one another", () => {
    const mm = parseSettings("matchmaker", redis);
    const gs = parseSettings("game-server", redis);
    const edge = parseSettings("edge", {});
    expect(mm.linkPeers).toContain(signingKeyFrom(edge.linkKey).publicKey);
    expect(edge.linkPeers).toContain(signingKeyFrom(mm.linkKey).publicKey);
    expect(mm.fleetKeys).toContain(signingKeyFrom(gs.fleetKey).publicKey);
    expect(gs.issuerKeys).toContain(publicHalf(mm.issuerKey));
    const boot = generateSeatKey();
    const [issuerKey] = gs.issuerKeys;
    expect(deriveSeatKey(boot.privateText, issuerKey!, "7", "b")).toEqual(
      deriveSeatKey(mm.issuerKey, boot.publicKey, "7", "b"),
    );
    expect(edge.metros).toEqual([{ metro: mm.metro, url: `ws://127.0.0.1:${mm.port}/v1/link` }]);
  });
});

describe("problems", () => {
  it("[CF5] all problems come in one error, one sentence a line", () => {
    const problems = problemsOf("game-server", {
      PORT: "99999",
      NODE_ENV: "staging",
      FRONTROW_SEATS_MAX: "many",
      FRONTROW_TRANSPORT: "tcp",
      FRONTROW_TLS_CERT: "/a.crt",
    });
    expect(problems).toHaveLength(6);
    for (const name of ["PORT", "NODE_ENV", "SEATS_MAX", "TRANSPORT", "TLS_KEY", "REDIS_URL"]) {
      expect(
        problems.filter((problem) => problem.includes(name) && !problem.includes("\n")),
        name,
      ).not.toEqual([]);
    }
  });

  it.each([
    ["FRONTROW_SEAT_MAX", "FRONTROW_SEATS_MAX"],
    ["FRONTROW_ORIGIN", "FRONTROW_ORIGINS"],
    ["FRONTROW_ISUER_KEYS", "FRONTROW_ISSUER_KEYS"],
    ["FRONTROW_LOGLEVEL", "FRONTROW_LOG_LEVEL"],
  ])("[CF6] %s is refused and %s named as the nearest", (wrong, right) => {
    expect(problemsOf("dev", { [wrong]: "x" })).toEqual([`${wrong} is not a setting: did you mean ${right}?`]);
  });

  it("[CF6] an unknown name far from every known one is refused without a guess", () => {
    expect(problemsOf("dev", { FRONTROW_ZZZZQQQQ: "x" })[0]).toMatch(/is not a setting: docs\/reference/);
    expect(problemsOf("dev", { FRONTROW: "x", OTHER_THING: "x" })).toEqual([]);
  });

  it("[CF7] no secret is repeated in a problem", () => {
    const wrong = "hunter2-hunter2";
    for (const setting of Object.values<Setting>(settingsTable).filter((one) => one.secret)) {
      for (const kind of setting.readBy) {
        const problems = problemsOf(kind, { ...redis, [setting.env]: wrong });
        expect(problems.length, setting.env).toBeGreaterThan(0);
        expect(problems.join("\n")).not.toContain("hunter2");
      }
    }
    expect(problemsOf("matchmaker", { REDIS_URL: "redis://u:hunter2@h:1,i:2" }).join()).not.toContain("hunter2");
  });

  it.each(["matchmaker", "game-server"] as const)("[CF8] a %s does not start without Redis, and says why", (kind) => {
    expect(problemsOf(kind, {})).toEqual([expect.stringMatching(/^REDIS_URL is missing: separate processes meet in/)]);
  });
});

describe("production", () => {
  it.each(Object.entries(production))("[CF9] a completely configured %s starts", (kind, env) => {
    expect(problemsOf(kind as ProcessKind, env)).toEqual([]);
  });

  it.each(Object.entries(production))("[CF9] a %s starts with none of its variables left out", (kind, env) => {
    for (const name of Object.keys(env).filter((each) => each !== "NODE_ENV")) {
      expect(problemsOf(kind as ProcessKind, { ...env, [name]: undefined }), name).not.toEqual([]);
    }
  });

  it("[CF10] guests, pages of any origin and development keys are refused", () => {
    const { edge, matchmaker } = production;
    expect(problemsOf("edge", { ...edge, FRONTROW_GUESTS: "yes" })).toHaveLength(1);
    expect(problemsOf("edge", { ...edge, FRONTROW_ORIGINS: "*" })).toHaveLength(1);
    expect(problemsOf("edge", { ...edge, FRONTROW_LINK_KEY: devKeys.link.privateText })).toHaveLength(1);
    for (const [name, value] of [
      ["FRONTROW_LINK_PEERS", `${link.publicKey},${devKeys.link.publicKey}`],
      ["FRONTROW_FLEET_KEYS", devKeys.fleet.publicKey],
      ["FRONTROW_ISSUER_KEY", devKeys.issuer.privateText],
    ] as const) {
      expect(problemsOf("matchmaker", { ...matchmaker, [name]: value })[0]).toMatch(
        `${name} holds the development key`,
      );
    }
    expect(parseSettings("edge", edge).guests).toBe(false);
  });

  it("[CF10] `frontrow dev` is refused", () => {
    expect(problemsOf("dev", { NODE_ENV: "production" })).toEqual([
      expect.stringContaining("not for NODE_ENV=production"),
    ]);
  });

  it("[CF11] tokens travel by TLS, except inside a private network", () => {
    const { edge, "game-server": server } = production;
    const links = (url: string) => problemsOf("edge", { ...edge, FRONTROW_METROS: `fra=${url}` });
    expect(links("ws://mm.example.com")).toHaveLength(1);
    expect(links("ws://8.8.8.8:2600")).toHaveLength(1);
    for (const inside of ["ws://matchmaker:2600", "ws://10.1.2.3:2600", "ws://mm.internal", "ws://[::1]:2600"]) {
      expect(links(inside), inside).toEqual([]);
    }
    expect(problemsOf("game-server", { ...server, FRONTROW_PUBLIC_URL: "ws://play.example.com" })).toHaveLength(1);
    const jwks = { FRONTROW_JWT_KEY: "", FRONTROW_JWT_ISSUER: "i", FRONTROW_JWT_AUDIENCE: "a" };
    expect(problemsOf("edge", { ...edge, ...jwks, FRONTROW_JWKS_URL: "http://login.example.com" })).toHaveLength(1);
    expect(problemsOf("edge", { ...edge, ...jwks, FRONTROW_JWKS_URL: "https://login.example.com" })).toEqual([]);
  });

  it("[CF12] a JWKS needs issuer and audience; two sources of keys are refused everywhere", () => {
    const jwks = { ...production.edge, FRONTROW_JWT_KEY: "", FRONTROW_JWKS_URL: "https://login.example.com" };
    expect(problemsOf("edge", jwks)).toHaveLength(2);
    expect(problemsOf("dev", { ...jwt, FRONTROW_JWKS_URL: "http://127.0.0.1" })).toHaveLength(1);
  });
});
