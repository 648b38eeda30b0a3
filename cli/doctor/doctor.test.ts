import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Environment, parseSettings } from "@frontrow/shared/config/parse-settings.ts";
import { generateSigningKey } from "@frontrow/shared/identity/signed.ts";
import { generateSeatKey } from "@frontrow/shared/seat-token.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { report } from "../commands/doctor.ts";
import { freshKeys } from "../commands/keys.ts";
import { diagnose } from "./doctor.ts";
import type { Finding } from "./finding.ts";
import { checkKeys } from "./keys.ts";
import { checkNode, checkPort, checkTls } from "./machine.ts";

const CONFIG = `export default { modes: { arena: { kind: "fill", seats: 8 } }, rooms: async () => ({}) };`;
const TLS = join(import.meta.dirname, "../../test/support/tls");
const levelOf = (findings: readonly Finding[], subject: string) =>
  findings.find((each) => each.subject === subject)?.level;

let project: string;
let taken: Server;
let takenPort: number;
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "frontrow-doctor-"));
  await writeFile(join(project, "frontrow.config.ts"), CONFIG);
  taken = createServer();
  await new Promise<void>((done) => taken.listen(0, "127.0.0.1", done));
  takenPort = (taken.address() as { port: number }).port;
});
afterAll(async () => {
  taken.close();
  await rm(project, { recursive: true });
});

describe("frontrow doctor", () => {
  it("[CF25] a machine that is fine for development has no failing line", async () => {
    const findings = await diagnose("dev", { PORT: "0", ADMIN_PORT: "0" }, project);
    expect(findings.filter((finding) => finding.level === "fail")).toEqual([]);
    for (const subject of ["configuration", "node", "transport", "PORT", "ADMIN_PORT"]) {
      expect(levelOf(findings, subject), subject).toBeDefined();
    }
  });

  it("[CF25] every problem of the configuration is a failing line, and the machine is checked all the same", async () => {
    const findings = await diagnose("dev", { PORT: "x", FRONTROW_TYPO: "1" }, project);
    expect(findings.filter((finding) => finding.subject === "configuration").map((finding) => finding.level)).toEqual([
      "fail",
      "fail",
    ]);
    expect(levelOf(findings, "node")).toBe("ok");
  });

  it("[CF25] each line that is not ok says what to do, and no line shows a secret", async () => {
    const env: Environment = {
      PORT: String(takenPort),
      HOST: "127.0.0.1",
      ADMIN_PORT: "0",
      REDIS_URL: "redis://front:hunter2@127.0.0.1:9/0",
      FRONTROW_JWKS_URL: "http://127.0.0.1:9/keys",
      FRONTROW_TLS_CERT: "/nowhere.crt",
      FRONTROW_TLS_KEY: "/nowhere.key",
    };
    const findings = await diagnose("dev", env, project);
    for (const subject of ["PORT", "redis", "player tokens", "TLS"])
      expect(levelOf(findings, subject), subject).toBe("fail");
    for (const { level, remedy, subject } of findings) expect(remedy === undefined, subject).toBe(level === "ok");
    expect(report(findings)).not.toContain("hunter2");
    expect(report(findings)).toMatch(/^fail {2}PORT .* is taken\n +→ stop what listens there, or set PORT$/m);
  });
});

describe("single checks", () => {
  it("[CF26] Node older than what runs TypeScript fails", () => {
    expect(checkNode("22.23.3").level).toBe("ok");
    expect(checkNode("24.0.0").level).toBe("ok");
    expect(checkNode("22.17.9").level).toBe("fail");
    expect(checkNode("20.19.0").level).toBe("fail");
  });

  it("[CF26] a port is free, taken, or the system's to choose", async () => {
    expect((await checkPort("PORT", "127.0.0.1", takenPort)).level).toBe("fail");
    expect((await checkPort("PORT", "127.0.0.1", 0)).level).toBe("ok");
    expect((await checkPort("PORT", "192.0.2.1", 2567)).says).toMatch(/^cannot listen on 192\.0\.2\.1/);
  });

  it("[CF26] a certificate belongs to its key, and is neither over nor nearly over", async () => {
    const [cert, key] = [join(TLS, "localhost.cert.pem"), join(TLS, "localhost.key.pem")];
    expect((await checkTls(cert, key, Date.now())).level).toBe("ok");
    expect((await checkTls(cert, key, Date.now() + 1_000 * 365 * 86_400_000)).says).toMatch(/expired/);
    expect((await checkTls(key, cert, Date.now())).level).toBe("fail");
  });

  it("[CF27] keys: halves that do not match, and public halves that are not listed, fail", () => {
    const [fleet, other] = [generateSigningKey(), generateSigningKey()];
    const issuer = generateSeatKey();
    const good = {
      FRONTROW_FLEET_KEY: fleet.privateText,
      FRONTROW_FLEET_KEYS: `${other.publicKey}, ${fleet.publicKey}`,
    };
    expect(checkKeys(good).map((finding) => finding.level)).toEqual(["ok", "ok"]);
    expect(checkKeys({ ...good, FRONTROW_FLEET_KEYS: other.publicKey }).map((finding) => finding.level)).toEqual([
      "ok",
      "fail",
    ]);
    expect(checkKeys({ FRONTROW_ISSUER_KEY: issuer.privateText }).map((finding) => finding.level)).toEqual(["ok"]);
    const mixed = `${issuer.privateText.split(".")[0]}.${generateSeatKey().publicKey}`;
    expect(checkKeys({ FRONTROW_ISSUER_KEY: mixed })[0]).toMatchObject({
      level: "fail",
      subject: "FRONTROW_ISSUER_KEY",
    });
    const swapped = `${fleet.privateText.split(".")[0]}.${other.publicKey}`;
    expect(checkKeys({ FRONTROW_LINK_KEY: swapped })[0]?.level).toBe("fail");
  });

  it("[CF27] no finding about a key shows its private half", () => {
    const fleet = generateSigningKey();
    const said = JSON.stringify(
      checkKeys({ FRONTROW_FLEET_KEY: fleet.privateText, FRONTROW_LINK_KEY: fleet.privateText }),
    );
    expect(said).not.toContain(fleet.privateText.split(".")[0]);
  });
});

describe("frontrow keys", () => {
  /** The section of one process, as an environment. */
  const section = (text: string, name: string): Environment =>
    Object.fromEntries(
      (text.split(`\n# ${name}`)[1] ?? "")
        .split("\n\n")[0]!
        .split("\n")
        .slice(1)
        .filter((line) => line !== "")
        .map((line): [string, string] => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
    );

  it("[CF28] its sections make processes that trust one another, and production takes them", () => {
    const text = freshKeys();
    const edge = parseSettings("edge", {
      ...section(text, "edge"),
      NODE_ENV: "production",
      FRONTROW_EDGE: "e",
      FRONTROW_METROS: "fra=wss://mm.example.com",
      FRONTROW_ORIGINS: "none",
      FRONTROW_JWT_KEY: `hs256:${"s".repeat(32)}`,
    });
    const matchmaker = section(text, "matchmaker");
    const server = section(text, "game-server");
    expect(edge.linkPeers[0]).toBe(matchmaker.FRONTROW_LINK_KEY?.split(".")[1]);
    expect(matchmaker.FRONTROW_LINK_PEERS).toBe(edge.linkKey.split(".")[1]);
    const levels = checkKeys({ ...matchmaker, ...server }).map((finding) => finding.level);
    expect(levels).toEqual(["ok", "ok", "ok", "ok", "ok"]);
  });

  it("[CF28] two runs have no key in common", () => {
    const values = (text: string) => text.match(/=\S+/g) ?? [];
    const first = new Set(values(freshKeys()));
    expect(first.size).toBeGreaterThan(4);
    expect(values(freshKeys()).filter((value) => first.has(value))).toEqual([]);
  });
});
